/**
 * The recorder: watches a page and gives chunks of its log and of the pointer's path.
 *
 * It is loaded after consent and depends on no framework. Everything it is given it keeps: also while a picture is
 * selected, an icon carried or the pointer captured. It keeps no object for a sample and does no work while nothing
 * happens.
 *
 * A page is recorded in segments, each with a clock of its own that is 0 when the page is shown; a return from the
 * back/forward cache begins the next one.
 */

import { Hover } from "../observe/hover";
import { LayoutWatch } from "../observe/layout";
import { isCoalescing, PointerWatch } from "../observe/pointer";
import { Surroundings } from "../observe/surroundings";
import type { Head } from "./chunk";
import { asText, Draft } from "./draft";
import { Pulse } from "./health";
import { LATEST, Order } from "./order";
import type { Entry, PageSpec, TaskEntry } from "./records.gen";
import type { Note, Sink } from "./sink";

/** A chunk is cut when its first sample or entry is this old. */
const CUT_MS = 2000;
/**
 * A tab that is killed takes along what is not in a chunk yet, but for the draft that was laid down last. The next one
 * follows after a pause, which grows with the square of the time that drafts take: `PAUSE_MS` if they take
 * one ms, a quarter of it if they take half of one, within these limits. The slower a device, the smaller a share of its time
 * drafts may have.
 */
const PAUSE_MS = 250;
const SHORTEST_MS = 30;
const LONGEST_MS = 500;
/** The recorder reports on itself this often, and at the end. */
const HEALTH_MS = 10_000;
/** Places beyond this are none. */
const FARTHEST_PX = 1e6;

/** What can be added to a log from outside: what the person did. */
export type Act = Note<TaskEntry>;

export interface RecorderOptions {
  /** Holds the pictures and all that belongs to the task. */
  root: HTMLElement;
  page: PageSpec;
  /** Picture id -> its element. */
  images: ReadonlyMap<string, HTMLImageElement>;
  /** Random id of this browser tab. */
  tab: string;
  /** Number of the first chunk. */
  firstSeq: number;
  /** Takes a finished chunk. */
  emit(chunk: Uint8Array<ArrayBuffer>, seq: number): void;
  /** Takes a draft: the chunk of this number as it would be if it were cut now, with a letter for every byte. */
  draft(letters: string, seq: number): void;
}

export class Recorder implements Sink {
  private readonly ended = new AbortController();
  private readonly draft = new Draft();
  private readonly layout: LayoutWatch;
  private readonly pointer: PointerWatch;
  private readonly hover: Hover;
  private readonly surroundings: Surroundings;
  private pulse = new Pulse();
  private order = new Order(0);
  /** Times of samples have an order of their own: a busy page delivers them after entries that are younger. */
  private path = new Order(0);
  private origin = 0;
  /** Read when a chunk was cut last: drafts do without clocks, which take their time. */
  private anchor: Head["anchor"] = [0, 0];
  private segment: number;
  private seq: number;
  private cutTimer = 0;
  private draftTimer = 0;
  /** Time that a draft takes, ms. */
  private took = 0;
  private reported = 0;

  constructor(private readonly options: RecorderOptions) {
    const { root, page, images } = options;
    this.segment = page.segment;
    this.seq = options.firstSeq;
    this.layout = new LayoutWatch(this, root, images, page.pictures, (timeStamp) => this.hover.moved(timeStamp));
    this.hover = new Hover(this, root, () => this.layout.boxes);
    this.pointer = new PointerWatch(this, this.hover, (timeStamp, press) => this.layout.look(timeStamp, press));
    this.surroundings = new Surroundings(this, root, images);
  }

  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** Begins: the page is shown now. */
  start(): void {
    // First of all listeners: what was just recorded must be out before others hear that the page is going.
    this.surroundings.watch();
    this.layout.watch();
    this.pointer.watch();
    this.listen(window, "visibilitychange", () => document.hidden && this.cutWithHealth());
    this.listen(window, "pagehide", () => this.cutWithHealth());
    this.listen<PageTransitionEvent>(window, "pageshow", (event) => event.persisted && this.showAgain(event.timeStamp));
    this.timed(() => this.show(performance.now()));
  }

  /** The segment's time, ms. */
  now(): number {
    return performance.now() - this.origin;
  }

  /** Adds what the person did; its time is that of the input being handled, if there is one. Ignored after the end. */
  log(entry: Act): void {
    if (this.signal.aborted) return;
    this.timed(() => {
      this.layout.settle();
      this.write(entry, window.event?.timeStamp ?? performance.now());
      this.draftIn(0);
    });
  }

  /** The task has moved pictures about. */
  relayout(): void {
    if (this.signal.aborted) return;
    this.timed(() => this.layout.restyled(performance.now()));
  }

  /** Cuts the chunk under way, if there is anything in it. */
  flush(): void {
    this.timed(() => this.cut());
  }

  /** Ends the recording; returns the number of the last chunk, -1 if there was none. */
  stop(): number {
    if (!this.signal.aborted) {
      this.timed(() => this.layout.settle());
      this.cutWithHealth();
      this.ended.abort();
      clearTimeout(this.cutTimer);
      clearTimeout(this.draftTimer);
    }
    return this.seq - 1;
  }

  write(note: Note, timeStamp: number): void {
    const t = this.order.of(timeStamp);
    let text = asText({ ...note, t, i: this.draft.samples } as Entry);
    if (!this.draft.fits(text) && !this.draft.empty) {
      this.cut();
      text = asText({ ...note, t, i: 0 } as Entry);
    }
    this.draft.entry(text);
    this.added();
  }

  sample(timeStamp: number, x: number, y: number, modality: number, pressed: number): void {
    this.layout.settle();
    this.pulse.delivered(timeStamp);
    const t = this.path.of(timeStamp);
    if (!(Math.abs(x) <= FARTHEST_PX && Math.abs(y) <= FARTHEST_PX && t < LATEST)) {
      this.pulse.dropped++;
      return;
    }
    this.draft.sample(t, x, y, modality, pressed);
    this.added();
  }

  grown(): void {
    if (this.cutTimer === 0) this.cutTimer = window.setTimeout(() => this.timed(() => this.cutInTime()), CUT_MS);
    if (this.draftTimer === 0) this.draftIn(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, PAUSE_MS * this.took ** 2)));
  }

  catchUp(): void {
    this.pointer.catchUp();
  }

  listen<E extends Event>(target: EventTarget, type: string, handler: (event: E) => void): void {
    const waits = type === "pointermove";
    const heard = (event: Event): void => {
      if (!waits) this.catchUp();
      handler(event as E);
    };
    target.addEventListener(type, (event) => this.pulse.sampled(heard, event), { capture: true, passive: true, signal: this.signal });
  }

  timed(work: () => void): void {
    this.pulse.timed(() => {
      this.catchUp();
      work();
    });
  }

  private show(timeStamp: number): void {
    this.origin = timeStamp;
    this.readClocks();
    this.order = new Order(timeStamp);
    this.path = new Order(timeStamp);
    this.pulse = new Pulse();
    this.reported = timeStamp;
    this.hover.reset();
    this.write({ k: "shown" }, timeStamp);
    this.layout.begin(timeStamp);
    this.surroundings.begin(timeStamp);
  }

  private showAgain(timeStamp: number): void {
    this.cut();
    this.segment++;
    this.show(timeStamp);
  }

  private added(): void {
    if (this.draft.full) this.cut();
    else this.grown();
  }

  private draftIn(ms: number): void {
    clearTimeout(this.draftTimer);
    this.draftTimer = window.setTimeout(() => {
      this.timed(() => this.layDown());
      // Of the last few: one may be held up by something else.
      this.took += (this.pulse.took - this.took) / 4;
    }, ms);
  }

  private layDown(): void {
    this.draftTimer = 0;
    if (!this.draft.empty) this.options.draft(this.draft.soFar(this.head()), this.seq);
  }

  private cutInTime(): void {
    const now = performance.now();
    this.layout.verify(now);
    if (now - this.reported >= HEALTH_MS) this.report();
    this.cut();
  }

  private cutWithHealth(): void {
    if (this.draft.empty) return;
    this.report();
    this.cut();
  }

  private report(): void {
    this.reported = performance.now();
    this.write(this.pulse.note(), this.origin + this.order.latest);
  }

  private cut(): void {
    clearTimeout(this.cutTimer);
    clearTimeout(this.draftTimer);
    this.cutTimer = this.draftTimer = 0;
    if (this.draft.empty) return;
    this.readClocks();
    const chunk = this.draft.cut(this.head());
    this.options.emit(chunk, this.seq++);
  }

  private readClocks(): void {
    this.anchor = [Math.round(10 * this.now()) / 10, Date.now()];
  }

  private head(): Head {
    const { page, tab } = this.options;
    return { page: page.id, tab, seq: this.seq, segment: this.segment, anchor: this.anchor, coalesced: isCoalescing() };
  }
}
