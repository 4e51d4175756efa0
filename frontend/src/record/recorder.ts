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
import { isCoalescing, watchPointer } from "../observe/pointer";
import { Surroundings } from "../observe/surroundings";
import { asText, Draft } from "./draft";
import { Pulse } from "./health";
import { LATEST, Order } from "./order";
import type { Entry, PageSpec, TaskEntry } from "./records.gen";
import type { Note, Sink } from "./sink";

/** A chunk is cut when its first sample or entry is this old. */
const CUT_MS = 2000;
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
}

export class Recorder implements Sink {
  private readonly ended = new AbortController();
  private readonly draft = new Draft();
  private readonly layout: LayoutWatch;
  private readonly hover: Hover;
  private readonly surroundings: Surroundings;
  private pulse = new Pulse();
  private order = new Order(0);
  /** Times of samples have an order of their own: a busy page delivers them after entries that are younger. */
  private path = new Order(0);
  private origin = 0;
  private segment: number;
  private seq: number;
  private timer = 0;
  private reported = 0;

  constructor(private readonly options: RecorderOptions) {
    const { root, page, images } = options;
    this.segment = page.segment;
    this.seq = options.firstSeq;
    this.layout = new LayoutWatch(this, root, images, page.pictures, (timeStamp) => this.hover.moved(timeStamp));
    this.hover = new Hover(this, root, () => this.layout.boxes);
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
    watchPointer(this, this.hover, (timeStamp) => this.layout.look(timeStamp));
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
      clearTimeout(this.timer);
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
    this.grown();
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
    this.grown();
  }

  listen<E extends Event>(target: EventTarget, type: string, handler: (event: E) => void): void {
    const sampled = (event: Event): void => this.pulse.sampled(() => handler(event as E));
    target.addEventListener(type, sampled, { capture: true, passive: true, signal: this.signal });
  }

  timed(work: () => void): void {
    this.pulse.timed(work);
  }

  private show(timeStamp: number): void {
    this.origin = timeStamp;
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

  private grown(): void {
    if (this.draft.full) return this.cut();
    if (this.timer === 0) this.timer = window.setTimeout(() => this.timed(() => this.cutInTime()), CUT_MS);
  }

  private cutInTime(): void {
    this.layout.verify(performance.now());
    if (performance.now() - this.reported >= HEALTH_MS) this.report();
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
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.draft.empty) return;
    const { page, tab, emit } = this.options;
    const anchor: [number, number] = [Math.round(10 * this.now()) / 10, Date.now()];
    const seq = this.seq++;
    emit(this.draft.cut({ page: page.id, tab, seq, segment: this.segment, anchor, coalesced: isCoalescing() }), seq);
  }
}
