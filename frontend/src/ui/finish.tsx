/** The end: what the person takes home. */

import { Check, Copy } from "lucide";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Completion } from "../record/records.gen";
import { Icon } from "./icon";
import { Card } from "./notice";
import { say } from "./words";

export function Finish({ completion }: { completion: Completion }): JSX.Element {
  const { code, redirect, form, withdraw_token: key } = completion;
  return (
    <Card heading={say("finish.heading")}>
      {code && <Code label={say("finish.code")} code={code} />}
      {redirect && (
        <>
          <p>{say("finish.redirect_note")}</p>
          <a class="button main" href={redirect} rel="noreferrer">
            {say("finish.redirect")}
          </a>
        </>
      )}
      {form && <Form address={form[0]} fields={form[1]} />}
      {!redirect && !form && <p>{say("finish.close")}</p>}
      {key && (
        <section class="keep">
          <Code label={say("finish.withdraw")} code={key} small />
          <p>
            <a href="#withdraw">{say("finish.withdraw_link")}</a>
          </p>
          <a href="#record">{say("finish.record")}</a>
        </section>
      )}
    </Card>
  );
}

/** Posts to where the person came from. The browser does it, on her click: no script of ours talks to strangers. */
function Form({ address, fields }: { address: string; fields: Record<string, string> }): JSX.Element {
  return (
    <form method="post" action={address}>
      <p>{say("finish.redirect_note")}</p>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button class="button main">{say("finish.redirect")}</button>
    </form>
  );
}

/** Something to be copied, which can also be marked and copied by hand. */
export function Code({ label, code, small }: { label: string; code: string; small?: boolean }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = (): void => void navigator.clipboard?.writeText(code).then(() => setCopied(true), () => {});
  return (
    <div class={small ? "code small" : "code"}>
      <p class="code-label">{label}</p>
      <code>{code}</code>
      {navigator.clipboard && (
        <button type="button" class="button" onClick={copy}>
          <Icon of={copied ? Check : Copy} /> <span role="status">{say(copied ? "finish.copied" : "finish.copy")}</span>
        </button>
      )}
    </div>
  );
}
