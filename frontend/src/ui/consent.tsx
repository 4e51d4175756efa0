/** Consent: before it nothing is recorded, and the recorder is not even loaded. */

import { CircleCheck, CircleSlash } from "lucide";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Agreement, ConsentText } from "../record/records.gen";
import { Html } from "./html";
import { Icon } from "./icon";
import { Card } from "./notice";
import { say } from "./words";

export function Consent({ text, decide }: { text: ConsentText; decide(agreement: Agreement): void }): JSX.Element {
  const [publish, setPublish] = useState(false);
  const [sent, setSent] = useState(false);
  const answer = (agreed: boolean): void => {
    setSent(true);
    decide({ version: text.version, agreed, publish: agreed && publish });
  };
  return (
    <Card heading={say("consent.heading")}>
      <Html html={text.html} locale={text.locale} />
      <div class="lists">
        <Listed heading={say("consent.recorded")} items={text.recorded} locale={text.locale} icon={<Icon of={CircleCheck} />} />
        <Listed heading={say("consent.not_recorded")} items={text.not_recorded} locale={text.locale} icon={<Icon of={CircleSlash} />} />
      </div>
      <label class="tick">
        <input type="checkbox" checked={publish} onChange={(event) => setPublish(event.currentTarget.checked)} />
        <span>
          {say("consent.publish")} <small>{say("consent.publish_note")}</small>
        </span>
      </label>
      <p class="note">{say("consent.later")}</p>
      <div class="choices">
        <button type="button" class="button" disabled={sent} onClick={() => answer(false)}>
          {say("consent.decline")}
        </button>
        <button type="button" class="button main" disabled={sent} onClick={() => answer(true)}>
          {say("consent.agree")}
        </button>
      </div>
    </Card>
  );
}

interface ListedProps {
  heading: string;
  items: readonly string[];
  locale: string;
  icon: JSX.Element;
}

function Listed({ heading, items, locale, icon }: ListedProps): JSX.Element {
  return (
    <section class="listed">
      <h2>
        {icon} {heading}
      </h2>
      <ul lang={locale}>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}
