/** A question in front of everything else. Escape and the first button lead back. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { say } from "./words";

interface Props {
  heading: string;
  yes: string;
  no?: string;
  /** What is asked about cannot be brought back. */
  grave?: boolean;
  confirm(): void;
  dismiss(): void;
  children: ComponentChildren;
}

export function Dialog({ heading, yes, no, grave, confirm, dismiss, children }: Props): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const back = document.activeElement;
    box.current?.showModal();
    return () => back instanceof HTMLElement && back.isConnected && back.focus();
  }, []);
  return (
    <dialog ref={box} class="dialog" aria-labelledby="dialog-heading" onCancel={(event) => (event.preventDefault(), dismiss())}>
      <h2 id="dialog-heading">{heading}</h2>
      {children}
      <div class="choices">
        {no !== "" && (
          <button type="button" class="button" onClick={dismiss}>
            {no ?? say("cancel")}
          </button>
        )}
        <button type="button" class={grave ? "button grave" : "button main"} onClick={confirm}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}
