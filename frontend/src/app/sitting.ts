/** One showing of a page: the task's view, the recorder and the outbox brought together. */

import type { Act } from "../fold/act";
import { fold as foldBrowse } from "../fold/browse";
import { fold as foldPaint } from "../fold/paint";
import { fold as foldTag } from "../fold/tag";
import type { Recorder } from "../record/recorder";
import { type Answer, type Entry, type PageSpec, type Submit, type Task, TASK_KINDS, type TaskEntry } from "../record/records.gen";
import type { Outbox } from "../send/outbox";
import { browse } from "../task/browse";
import type { Hand } from "../task/modality";
import { paint } from "../task/paint";
import { tag } from "../task/tag";
import type { Check, Context, View } from "../task/task";

/** A task -> its view, and how its acts fold into the answer. */
const TASKS: Record<Task, { view: (context: Context) => View; answer: (acts: readonly Act[], page: PageSpec) => Answer }> = {
  browse: { view: browse, answer: (acts) => foldBrowse(acts) },
  tag: { view: tag, answer: (acts) => foldTag(acts) },
  paint: { view: paint, answer: (acts, page) => foldPaint(acts, page.grid) },
};

/** What records, and where the record goes; without it (practice, preview) nothing is recorded. */
export interface Keeping {
  Recorder: typeof Recorder;
  outbox: Outbox;
  firstSeq: number;
}

export interface SittingOptions {
  page: PageSpec;
  tab: string;
  hand: Hand;
  /** Pointers are recorded within it. */
  root: HTMLElement;
  keeping: Keeping | null;
  changed(): void;
}

export class Sitting {
  readonly view: View;
  private readonly acts: Act[];
  private readonly recorder: Recorder | null;
  private lastSeq: number | undefined;

  constructor(private readonly options: SittingOptions) {
    const { page, tab, root, keeping, hand, changed } = options;
    const early: Act[] = [];
    let log = (act: Act): void => void early.push(act);
    this.acts = page.log.filter(isAct);
    this.view = TASKS[page.task].view({
      page,
      hand,
      acts: this.acts,
      changed,
      relayout: () => this.recorder?.relayout(),
      log: (act) => {
        this.acts.push(act);
        log(act);
      },
    });
    const emit = (chunk: Uint8Array, seq: number): void => void keeping!.outbox.put(seq, chunk);
    const draft = (letters: string, seq: number): void => keeping!.outbox.draft(seq, letters);
    const { images } = this.view;
    this.recorder = keeping && new keeping.Recorder({ root, page, images, tab, firstSeq: keeping.firstSeq, emit, draft });
    // What the page itself does while it is built (opening a panel) comes after the recorder's own beginning.
    log = (act) => this.recorder?.log(act);
    this.begin = () => {
      this.recorder?.start();
      early.forEach(log);
    };
  }

  /** Starts the record; to be called when the view is in the document. */
  readonly begin: () => void;

  check(): Check {
    return this.view.check();
  }

  /** Ends the record and tells what to submit. */
  end(): Omit<Submit, "attempt"> {
    const { page, tab } = this.options;
    return { page: page.id, tab, last_seq: this.stop(), answer: TASKS[page.task].answer(this.acts, page) };
  }

  /** Leaves the page; what is recorded so far goes out, submitted or not. */
  close(): void {
    this.stop();
    this.view.close();
  }

  /** Stops the recorder, once. @returns the number of its last chunk, -1 if there is none. */
  private stop(): number {
    return (this.lastSeq ??= this.recorder?.stop() ?? -1);
  }
}

function isAct(entry: Entry): entry is TaskEntry {
  return (TASK_KINDS as readonly string[]).includes(entry.k);
}
