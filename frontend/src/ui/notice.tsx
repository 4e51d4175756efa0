/** A screen that only says something. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Words } from "./en";
import { say } from "./words";

/** A card in the middle, for everything but the tasks. Its heading gets the focus, so that it is read out. */
export function Card({ heading, kind = "", children }: { heading: string; kind?: string; children: ComponentChildren }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = heading;
    title.current?.focus();
  }, [heading]);
  return (
    <main class={`card ${kind}`}>
      <h1 ref={title} tabIndex={-1}>
        {heading}
      </h1>
      {children}
    </main>
  );
}

interface NoticeProps {
  heading: keyof Words;
  text: keyof Words;
  /** Whether there may be something to withdraw. */
  withdrawable?: boolean;
}

export function Notice({ heading, text, withdrawable }: NoticeProps): JSX.Element {
  return (
    <Card heading={say(heading)}>
      <p>{say(text)}</p>
      {withdrawable && <a href="#withdraw">{say("withdraw.menu")}</a>}
    </Card>
  );
}
