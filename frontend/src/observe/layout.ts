/**
 * Where the pictures are, as epochs: an entry says where everything was from then on.
 *
 * Client coordinates alone lose the pictures, coordinates in a picture alone lose the page; so both are kept, samples in
 * client px and the pictures' boxes beside them. What can change a box only *marks* it as changed. It is measured before
 * the next sample or entry, else within `QUIET_MS`, so that a page scrolled under a resting pointer costs ten
 * measurements a second and not sixty. A scrolled document moves all boxes alike: then one is measured, and all when the
 * scrolling has come to rest.
 *
 * Not every change is told in time: browsers tell of a scroll after the pointer events of the same frame, and of what
 * pushes the task aside not at all. So pointer events look after one picture: all of them for a while after the wheel or
 * a scroll, else every press and a few of the others. All pictures in view are looked after now and then.
 */

import type { Box } from "../record/boxes";
import type { Layout, Picture } from "../record/records.gen";
import type { Note, Sink } from "../record/sink";
import { type Fit, fitOf, pictureBox } from "./picture_box";

const QUIET_MS = 100;
/** For so long after a sign of scrolling every pointer event looks after a picture. */
const RESTLESS_MS = 500;
/** Otherwise presses do, and one other event in so long. */
const CALM_MS = 250;
/** Boxes that differ by no more than this are the same: they are measured to 0.1 px. */
const SAME_PX = 0.15;

type Frame = Omit<Note<Layout>, "k" | "images">;
type Change = "none" | "scrolled" | "any";

export class LayoutWatch {
  /** Picture id -> box, as of the last entry. */
  readonly boxes = new Map<string, Box>();
  private readonly fits = new Map<string, Fit>();
  private frame: Frame | null = null;
  private change: Change = "none";
  private changedAt = 0;
  private timer = 0;
  private restlessUntil = 0;
  private lookedAt = -CALM_MS;
  private resized: ResizeObserver | null = null;
  /** A picture, and where it was when its box was last found to be as written. */
  private witness: { element: Element; left: number; top: number } | null = null;

  constructor(
    private readonly sink: Sink,
    private readonly root: HTMLElement,
    private readonly images: ReadonlyMap<string, HTMLImageElement>,
    private readonly pictures: readonly Picture[],
    private readonly moved: (timeStamp: number) => void,
  ) {}

  /** Listens to all that moves pictures. */
  watch(): void {
    const { sink } = this;
    sink.listen(window, "scroll", (event) => this.mark(event.target === document ? "scrolled" : "any", event.timeStamp));
    sink.listen(window, "resize", (event) => this.restyled(event.timeStamp));
    if (window.visualViewport) {
      for (const type of ["resize", "scroll"]) sink.listen(window.visualViewport, type, (event) => this.mark("any", event.timeStamp));
    }
    for (const type of ["wheel", "scroll"]) sink.listen(window, type, () => (this.restlessUntil = performance.now() + RESTLESS_MS));
    this.watchDensity();
    this.resized = new ResizeObserver(() => sink.timed(() => this.restyled(performance.now())));
    for (const element of [document.body, this.root, ...this.images.values()]) this.resized.observe(element);
    sink.signal.addEventListener("abort", () => {
      this.resized?.disconnect();
      clearTimeout(this.timer);
    });
  }

  /** A new segment: its first entry names every picture. */
  begin(timeStamp: number): void {
    this.frame = null;
    this.boxes.clear();
    this.restyled(timeStamp);
    this.settle();
  }

  /** Borders, fit and everything else may be others now. */
  restyled(timeStamp: number): void {
    this.fits.clear();
    this.mark("any", timeStamp);
  }

  /** A pointer event has come: has a picture moved that nobody told of? Returns whether the page is at rest. */
  look(timeStamp: number, press: boolean): boolean {
    if (this.frame === null) return false;
    const restless = timeStamp <= this.restlessUntil;
    if (this.change === "none" && (restless || press || timeStamp >= this.lookedAt + CALM_MS)) {
      this.lookedAt = timeStamp;
      if (!this.unmoved()) this.lookAfter(this.firstBelow(0), this.frame, timeStamp);
    }
    return this.change === "none" && !restless;
  }

  /** Writes down what has been marked; called before anything is recorded that depends on it. */
  settle(): void {
    if (this.change === "none") return;
    const change = this.change;
    this.change = "none";
    if (change === "any" || !this.slide()) this.measure();
  }

  /** Looks after every picture in view; if one has moved, marked or not, all are measured. */
  verify(timeStamp: number): void {
    if (this.change === "none" && this.isAsWritten()) return;
    this.mark("any", timeStamp);
    this.settle();
  }

  private isAsWritten(): boolean {
    if (this.frame === null || !equal(frameNow(), this.frame)) return false;
    const [, bottom] = this.frame.view;
    for (const [image, box] of this.boxes) {
      const inView = box[1] < bottom && box[1] + box[3] > 0;
      if (inView && !same(this.box(image), box)) return false;
    }
    return true;
  }

  private lookAfter(image: string | null, { scroll: [x, y] }: Frame, timeStamp: number): void {
    if (image === null) return;
    if (!same(this.box(image), this.boxes.get(image)!)) {
      return this.mark(x === hundredth(scrollX) && y === hundredth(scrollY) ? "any" : "scrolled", timeStamp);
    }
    const element = this.images.get(image)!;
    const { left, top } = element.getBoundingClientRect();
    this.witness = { element, left, top };
  }

  private unmoved(): boolean {
    if (this.witness === null) return false;
    const { left, top } = this.witness.element.getBoundingClientRect();
    return left === this.witness.left && top === this.witness.top;
  }

  private mark(change: Change, timeStamp: number): void {
    if (this.change === "none") {
      this.sink.catchUp();
      this.changedAt = timeStamp;
    }
    if (this.change !== "any") this.change = change;
    if (this.timer === 0) this.timer = window.setTimeout(() => this.sink.timed(() => this.quiet()), QUIET_MS);
  }

  /** Settles; when nothing more has been marked for a while, measures everything once more. */
  private quiet(): void {
    this.timer = 0;
    if (this.change === "none") return this.verifyAtRest();
    this.settle();
    this.timer = window.setTimeout(() => this.sink.timed(() => this.quiet()), QUIET_MS);
  }

  private verifyAtRest(): void {
    this.changedAt = performance.now();
    this.measure();
  }

  /** Takes the boxes to have moved with the document; false if a picture in view shows that they have not. */
  private slide(): boolean {
    if (this.frame === null) return false;
    const frame = frameNow();
    const [dx, dy] = [frame.scroll[0] - this.frame.scroll[0], frame.scroll[1] - this.frame.scroll[1]];
    const witness = this.firstBelow(dy);
    if (witness === null || !same(this.box(witness), slid(this.boxes.get(witness)!, dx, dy))) return false;
    this.shift(dx, dy);
    this.write(frame, {});
    return true;
  }

  /** The first picture that is not above the view when it is scrolled by `dy`. */
  private firstBelow(dy: number): string | null {
    for (const [image, [, top, , height]] of this.boxes) if (top - dy + height > 0) return image;
    return null;
  }

  private measure(): void {
    const frame = frameNow();
    const first = this.frame === null;
    if (this.frame) this.shift(frame.scroll[0] - this.frame.scroll[0], frame.scroll[1] - this.frame.scroll[1]);
    const changed: Record<string, Box> = {};
    for (const image of this.images.keys()) {
      const [box, expected] = [this.box(image), this.boxes.get(image)];
      if (expected !== undefined && same(box, expected)) continue;
      changed[image] = box;
      this.boxes.set(image, box);
    }
    if (first || Object.keys(changed).length > 0 || !equal(frame, this.frame!)) this.write(frame, changed);
  }

  private write(frame: Frame, images: Record<string, Box>): void {
    this.frame = frame;
    this.sink.write({ k: "layout", ...frame, images }, this.changedAt);
    this.moved(this.changedAt);
  }

  private shift(dx: number, dy: number): void {
    if (dx === 0 && dy === 0) return;
    for (const [image, box] of this.boxes) this.boxes.set(image, slid(box, dx, dy));
  }

  private box(image: string): Box {
    const element = this.images.get(image)!;
    let fit = this.fits.get(image);
    if (fit === undefined) {
      const { width, height } = this.pictures.find((picture) => picture.id === image) ?? { width: element.width, height: element.height };
      this.fits.set(image, (fit = fitOf(element, width, height)));
    }
    return pictureBox(element, fit);
  }

  /** The number of device pixels a px changes when the window goes to another screen; a query asks for one number only. */
  private watchDensity(): void {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const again = (): void => {
      this.restyled(performance.now());
      this.watchDensity();
    };
    query.addEventListener("change", again, { once: true, signal: this.sink.signal });
  }
}

function frameNow(): Frame {
  const view: [number, number] = [document.documentElement.clientWidth, document.documentElement.clientHeight];
  return { view, scroll: [hundredth(scrollX), hundredth(scrollY)], zoom: hundredth(window.visualViewport?.scale ?? 1), dpr: hundredth(devicePixelRatio) };
}

function equal(a: Frame, b: Frame): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function same(a: Box, b: Box): boolean {
  return a.every((v, k) => Math.abs(v - b[k]!) <= SAME_PX);
}

function slid([left, top, width, height]: Box, dx: number, dy: number): Box {
  return [left - dx, top - dy, width, height];
}

function hundredth(v: number): number {
  return Math.round(100 * v) / 100;
}
