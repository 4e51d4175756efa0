/** The bar at the top of a page: how far it is, whether all is saved, and the way out. */

import { Cloud, CloudOff, CloudUpload, Ellipsis, MousePointer2 } from "lucide";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import type { Journey } from "../app/journey";
import type { PageSpec } from "../record/records.gen";
import type { State } from "../send/outbox";
import { Dialog } from "./dialog";
import { Code } from "./finish";
import { Icon } from "./icon";
import { say } from "./words";

interface Props {
  page: PageSpec;
  /** null: nothing is recorded. */
  saved: State | null;
  journey: Journey;
}

export function Header({ page, saved, journey }: Props): JSX.Element {
  const { number, of, practice } = page;
  const { withdrawKey } = journey;
  const [leaving, setLeaving] = useState<"return" | "withdraw" | null>(null);
  const skip = (event: Event): void => (event.preventDefault(), document.getElementById("task")?.focus());
  return (
    <header class="bar">
      <a class="skip" href="#task" onClick={skip}>
        {say("skip")}
      </a>
      <div class="progress">
        <span>{practice ? say("practice") : say("progress", { number, of })}</span>
        <progress max={of} value={number - 1} aria-label={say("progress", { number, of })} />
      </div>
      {saved && <Recording saved={saved} />}
      <Menu give={() => setLeaving("return")} withdraw={withdrawKey ? () => setLeaving("withdraw") : null} />
      {leaving === "return" && (
        <Dialog heading={say("return.heading")} yes={say("return.yes")} confirm={() => void journey.giveBack()} dismiss={() => setLeaving(null)}>
          <p>{say("return.text")}</p>
        </Dialog>
      )}
      {leaving === "withdraw" && (
        <Dialog heading={say("withdraw.heading")} yes={say("withdraw.yes")} grave confirm={() => toWithdrawal()} dismiss={() => setLeaving(null)}>
          <p>{say("withdraw.text")}</p>
          <Code label={say("withdraw.token")} code={withdrawKey} small />
        </Dialog>
      )}
    </header>
  );
}

function toWithdrawal(): void {
  location.hash = "withdraw";
}

const CLOUDS = { saved: Cloud, saving: CloudUpload, offline: CloudOff };

/** That the pointer is recorded, as long as it is; and whether what is recorded is safe. */
function Recording({ saved }: { saved: State }): JSX.Element {
  return (
    <>
      <span class="state" title={say("recording")}>
        <Icon of={MousePointer2} /> <span class="wordy">{say("recording")}</span>
      </span>
      <span class={`state ${saved}`} role="status" title={say(`state.${saved}`)}>
        <Icon of={CLOUDS[saved]} /> <span class={saved === "offline" ? "" : "wordy"}>{say(`state.${saved}`)}</span>
      </span>
    </>
  );
}

/** What is seldom wanted. Closes on Escape and when something else gets the focus. */
function Menu({ give, withdraw }: { give(): void; withdraw: (() => void) | null }): JSX.Element {
  const box = useRef<HTMLDetailsElement>(null);
  const close = (): void => box.current?.removeAttribute("open");
  const away = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && box.current?.contains(event.relatedTarget))) close();
  };
  const act = (what: () => void) => () => (close(), what());
  return (
    <details ref={box} class="menu" onFocusOut={away} onKeyDown={(event) => event.key === "Escape" && close()}>
      <summary aria-label={say("menu")} title={say("menu")}>
        <Icon of={Ellipsis} />
      </summary>
      <div class="menu-items">
        <button type="button" class="button quiet" onClick={act(give)}>
          {say("return.menu")}
        </button>
        {withdraw && (
          <button type="button" class="button quiet" onClick={act(withdraw)}>
            {say("withdraw.menu")}
          </button>
        )}
      </div>
    </details>
  );
}
