/** Safe HTML that the service made from the requester's Markdown. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Its links open in another tab: nobody leaves a page in the middle of the work by reading about it. */
export function Html({ html, locale, kind = "" }: { html: string; locale?: string; kind?: string }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const link of box.current?.querySelectorAll("a") ?? []) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  }, [html]);
  return <div ref={box} class={`prose ${kind}`} lang={locale} dangerouslySetInnerHTML={{ __html: html }} />;
}
