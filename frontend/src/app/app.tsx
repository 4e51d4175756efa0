/** One screen at a time, as the journey says. */

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { State } from "../send/outbox";
import { Hand } from "../task/modality";
import { Consent } from "../ui/consent";
import { FaultScreen } from "../ui/fault";
import { Finish } from "../ui/finish";
import { Notice } from "../ui/notice";
import { Page } from "../ui/page";
import { Withdraw } from "../ui/withdraw";
import { say } from "../ui/words";
import { Journey } from "./journey";
import type { Screen } from "./stage";

export function App(): JSX.Element {
  const [screen, setScreen] = useState<Screen>({ show: "loading" });
  const [saved, setSaved] = useState<State>("saved");
  const journey = useMemo(() => new Journey(setScreen, setSaved), []);
  const hand = useRef<Hand | null>(null);
  // With the first page and not before: until she has agreed, nothing of what a person does is listened to.
  if (screen.show === "page") hand.current ??= new Hand(document.documentElement);
  useEffect(() => void journey.start(), [journey]);
  return (
    <>
      {journey.visit?.preview && <p class="banner">{say("preview")}</p>}
      <Shown screen={screen} saved={saved} journey={journey} hand={hand.current} />
    </>
  );
}

interface ShownProps {
  screen: Screen;
  saved: State;
  journey: Journey;
  /** There from the first page on. */
  hand: Hand | null;
}

function Shown({ screen, saved, journey, hand }: ShownProps): JSX.Element {
  switch (screen.show) {
    case "loading":
      return <p class="loading">{say("loading")}</p>;
    case "consent":
      return <Consent text={screen.text} decide={(agreement) => void journey.agree(agreement)} />;
    case "page": {
      const { page } = screen;
      return <Page key={`${page.id} ${page.segment}`} page={page} saved={saved} journey={journey} hand={hand!} />;
    }
    case "finish":
      return <Finish completion={screen.completion} />;
    case "record":
      return <screen.View token={screen.token} />;
    case "withdraw":
      return <Withdraw known={journey.withdrawKey} />;
    case "fault":
      return <FaultScreen fault={screen.fault} retry={() => journey.retry()} takeOver={() => void journey.next()} />;
    default: {
      const [heading, text] = NOTICES[screen.show];
      return <Notice heading={heading} text={text} withdrawable={journey.withdrawKey !== ""} />;
    }
  }
}

/** Screens that only say something: heading and text. */
const NOTICES = {
  closed: ["closed.heading", "closed.text"],
  declined: ["declined.heading", "declined.text"],
  returned: ["return.done", "return.done_text"],
} as const;
