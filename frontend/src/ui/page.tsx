/** A page to label: instructions, the task, and the way to submit it. */

import { Check as CheckMark, ExternalLink, Send } from "lucide";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { loadAhead } from "../app/ahead";
import * as api from "../app/api";
import type { Journey } from "../app/journey";
import { loadTask } from "../app/parts";
import { persist, type Sending } from "../app/sending";
import type { Sitting } from "../app/sitting";
import { faultOf } from "../app/stage";
import type { PageSpec, Submit, Submitted, Wording } from "../record/records.gen";
import type { State } from "../send/outbox";
import type { Hand } from "../task/modality";
import type { Check } from "../task/task";
import { Dialog } from "./dialog";
import { Header } from "./header";
import { Html } from "./html";
import { Icon } from "./icon";
import { say } from "./words";

interface Props {
  page: PageSpec;
  saved: State;
  journey: Journey;
  hand: Hand;
}

type Ask = Extract<Check, { may: "ask" }>;
type Way =
  | { at: "work" }
  | { at: "ask"; ask: Ask }
  | { at: "sending"; waiting: boolean }
  | { at: "feedback"; submitted: Submitted }
  | { at: "refused"; problem: string; remedy: string };

export function Page({ page, saved, journey, hand }: Props): JSX.Element {
  const recorded = journey.recorded(page);
  const area = useRef<HTMLDivElement>(null);
  const [status, setStatus] = useState("");
  const sitting = useSitting({ page, journey, hand, recorded, area, setStatus });
  const { way, submit, send, hurry, back } = useSubmission({ page, journey, recorded, sitting });
  const busy = way.at === "sending" || way.at === "refused";
  return (
    <>
      <Header page={page} saved={recorded ? saved : null} journey={journey} />
      <main id="task" class={`page ${page.task}`} tabIndex={-1} inert={busy}>
        <Instructions page={page} />
        <div ref={area} class="area" />
      </main>
      <footer class="foot">
        <p class="status" role="status">
          {status}
        </p>
        <Outcome way={way} hurry={hurry} again={send} />
        {!busy && (
          <button type="button" class="button main submit" onClick={submit}>
            <Icon of={page.practice ? CheckMark : Send} /> {say(page.practice ? "submit.check" : "submit")}
          </button>
        )}
      </footer>
      {way.at === "ask" && (
        <Dialog heading={way.ask.heading} yes={say("submit.anyway")} no={say("submit.back")} confirm={send} dismiss={back}>
          <p>{way.ask.text}</p>
        </Dialog>
      )}
      {way.at === "feedback" && <Feedback page={page} submitted={way.submitted} go={() => void journey.next()} retry={back} />}
    </>
  );
}

interface SittingProps {
  page: PageSpec;
  journey: Journey;
  hand: Hand;
  recorded: boolean;
  area: { current: HTMLDivElement | null };
  setStatus(text: string): void;
}

/** Shows the task, with the recorder if it is wanted, as long as the page is there. */
function useSitting({ page, journey, hand, recorded, area, setStatus }: SittingProps): { current: Sitting | null } {
  const sitting = useRef<Sitting | null>(null);
  useLayoutEffect(() => {
    let left = false;
    const open = async (): Promise<void> => {
      const { Sitting, Recorder } = await loadTask(recorded);
      const outbox = journey.outbox!;
      const keeping = Recorder && { Recorder, outbox, firstSeq: outbox.nextSeq() };
      if (left) return;
      const root = area.current!.parentElement!;
      const changed = (): void => setStatus(sitting.current?.view.status() ?? "");
      sitting.current = new Sitting({ page, tab: journey.tab, hand, root, keeping, changed });
      area.current!.replaceChildren(...sitting.current.view.elements);
      sitting.current.begin();
      changed();
      if (recorded) void loadAhead(journey.visit!.token, sitting.current.view.images.values());
    };
    void open();
    return () => {
      left = true;
      sitting.current?.close();
    };
  }, []);
  return sitting;
}

interface SubmissionProps {
  page: PageSpec;
  journey: Journey;
  recorded: boolean;
  sitting: { current: Sitting | null };
}

interface Submission {
  way: Way;
  submit(): void;
  send(): void;
  hurry(): void;
  back(): void;
}

/** From the button to the next page. The answer is fixed at the first try; the view stays until it is through. */
function useSubmission({ page, journey, recorded, sitting }: SubmissionProps): Submission {
  const [way, setWay] = useState<Way>({ at: "work" });
  const sending = useRef<Sending | null>(null);
  const body = useRef<Omit<Submit, "attempt"> | null>(null);
  const deliver = (): Promise<Submitted> => {
    const { token, preview } = journey.visit!;
    if (preview && !page.practice) return Promise.resolve({ complete: true, late: false, feedback: "", passed: true });
    return recorded ? journey.outbox!.submit(body.current!) : api.submit(token, { ...body.current!, attempt: 1 });
  };
  const send = (): void => {
    if (page.practice || !body.current) body.current = sitting.current!.end();
    setWay({ at: "sending", waiting: false });
    sending.current = persist(deliver, () => setWay({ at: "sending", waiting: true }));
    sending.current.done.then(
      (submitted) => (recorded ? void journey.next() : setWay({ at: "feedback", submitted })),
      (error: unknown) => setWay({ at: "refused", ...refusal(error) }),
    );
  };
  const submit = (): void => {
    const check = sitting.current?.check();
    if (check?.may === "yes") send();
    if (check?.may === "ask") setWay({ at: "ask", ask: check });
  };
  return { way, submit, send, hurry: () => sending.current?.hurry(), back: () => setWay({ at: "work" }) };
}

function refusal(error: unknown): { problem: string; remedy: string } {
  const fault = faultOf(error, navigator.onLine);
  if (fault.kind === "problem") return { problem: fault.problem || say("fault.problem"), remedy: fault.remedy };
  return { problem: say(`fault.${fault.kind}`), remedy: say(`fault.${fault.kind}_text`) };
}

function Instructions({ page }: { page: PageSpec }): JSX.Element {
  const { wording, number, task } = page;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = heading.current!.textContent!;
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  // From the second page on they are known; beside a grid there is room for them all the time.
  const open = number === 1 || (task === "browse" && matchMedia("(min-width: 60rem)").matches);
  return (
    <aside class="instructions" aria-label={say("instructions")}>
      <h1 ref={heading} tabIndex={-1}>
        <Title page={page} />
      </h1>
      <details open={open}>
        <summary>{say("instructions")}</summary>
        {page.practice && <p class="note">{say("practice.note")}</p>}
        <Html html={wording.html} locale={wording.locale} />
        <About wording={wording} />
      </details>
    </aside>
  );
}

/** What is asked for: by the campaign's own title, which for browse is the class, around which we say what to do. */
function Title({ page }: { page: PageSpec }): JSX.Element {
  const { title, locale } = page.wording;
  const [before, after] = page.task === "browse" ? say("browse.heading").split("{name}") : [];
  return (
    <>
      {before}
      <span lang={locale}>{title}</span>
      {after}
    </>
  );
}

function About({ wording }: { wording: Wording }): JSX.Element {
  const { synonyms, link, locale } = wording;
  return (
    <>
      {synonyms.length > 0 && (
        <p>
          {say("synonyms")}: <span lang={locale}>{synonyms.join(", ")}</span>
        </p>
      )}
      {link && (
        <p>
          <a href={link} target="_blank" rel="noopener noreferrer">
            {say("more")} <Icon of={ExternalLink} />
          </a>
        </p>
      )}
    </>
  );
}

function Outcome({ way, hurry, again }: { way: Way; hurry(): void; again(): void }): JSX.Element | null {
  if (way.at === "sending")
    return (
      <div class="outcome" role="alert">
        <p>{say(way.waiting ? "sending.waiting" : "sending")}</p>
        {way.waiting && (
          <button type="button" class="button" onClick={hurry}>
            {say("sending.now")}
          </button>
        )}
      </div>
    );
  if (way.at === "refused")
    return (
      <div class="outcome warning" role="alert">
        <p>
          <strong>{way.problem}</strong> {way.remedy}
        </p>
        <button type="button" class="button" onClick={again}>
          {say("fault.retry")}
        </button>
      </div>
    );
  return null;
}

interface FeedbackProps {
  page: PageSpec;
  submitted: Submitted;
  go(): void;
  retry(): void;
}

/** After a practice page; and in a preview, where the page would be sent. */
function Feedback({ page, submitted, go, retry }: FeedbackProps): JSX.Element {
  const { passed, feedback } = submitted;
  const heading = say(page.practice ? (passed ? "practice.passed" : "practice.again") : "submit");
  const yes = say(page.practice && passed ? "practice.go" : "practice.retry");
  return (
    <Dialog heading={heading} yes={yes} no="" confirm={page.practice && passed ? go : retry} dismiss={retry}>
      {feedback ? <Html html={feedback} locale={page.wording.locale} /> : <p>{page.practice ? "" : say("preview.sent")}</p>}
    </Dialog>
  );
}
