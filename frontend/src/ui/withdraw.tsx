/** Withdrawing, with the key alone: no account, no session. Works after payment, too. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { withdraw } from "../app/api";
import { type Fault, faultOf } from "../app/stage";
import { Dialog } from "./dialog";
import { Card, Notice } from "./notice";
import { say } from "./words";

export function Withdraw({ known = "" }: { known?: string }): JSX.Element {
  const [key, setKey] = useState(known);
  const [asked, setAsked] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [done, setDone] = useState(false);
  if (done) return <Notice heading="withdraw.done" text="withdraw.done_text" />;
  const remove = (): void => {
    setAsked(false);
    withdraw(key.trim()).then(
      () => {
        sessionStorage.clear();
        setDone(true);
      },
      (error: unknown) => setFault(faultOf(error, navigator.onLine)),
    );
  };
  return (
    <Card heading={say("withdraw.heading")}>
      <p>{say("withdraw.text")}</p>
      <form onSubmit={(event) => (event.preventDefault(), setFault(null), setAsked(true))}>
        <label class="field">
          <span>{say("withdraw.token")}</span>
          <input required autocomplete="off" spellcheck={false} value={key} onInput={(event) => setKey(event.currentTarget.value)} />
        </label>
        <p class="note">{say("withdraw.token_note", { menu: say("menu") })}</p>
        {fault && <Told fault={fault} />}
        <button class="button grave">{say("withdraw.yes")}</button>
      </form>
      {asked && (
        <Dialog heading={say("withdraw.sure")} yes={say("withdraw.yes")} grave confirm={remove} dismiss={() => setAsked(false)}>
          <p>{say("withdraw.text")}</p>
        </Dialog>
      )}
    </Card>
  );
}

function Told({ fault }: { fault: Fault }): JSX.Element {
  const unknown = fault.kind === "problem" || fault.kind === "ended";
  return (
    <p class="warning" role="alert">
      <strong>{unknown ? say("withdraw.unknown") : say(`fault.${fault.kind}`)}.</strong>{" "}
      {unknown ? say("withdraw.unknown_text") : ""}
    </p>
  );
}
