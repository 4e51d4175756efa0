/** A page without a layout engine: elements lie where a test says, and it scrolls when a test says. */

import { vi } from "vitest";

import type { Picture } from "../../src/record/records.gen";
import type { Note, Sink } from "../../src/record/sink";

type Corner = [left: number, top: number, width: number, height: number];

/** Lays an element at this box of the document, in client px at scroll 0. */
export function placed<E extends HTMLElement>(element: E, [left, top, width, height]: Corner, size: [number, number] = [width, height]): E {
  element.getBoundingClientRect = () => ({ left: left - scrollX, top: top - scrollY, width, height }) as DOMRect;
  Object.defineProperty(element, "offsetWidth", { value: size[0], configurable: true });
  Object.defineProperty(element, "offsetHeight", { value: size[1], configurable: true });
  return element;
}

/** Scrolls, as the browser would tell it. */
export function scrolled(top: number): void {
  scrolledUntold(top);
  document.dispatchEvent(new Event("scroll"));
}

/** Scrolls; the browser has not told yet. */
export function scrolledUntold(top: number): void {
  Object.defineProperty(window, "scrollY", { value: top, configurable: true });
}

export interface FakePage {
  root: HTMLElement;
  images: Map<string, HTMLImageElement>;
  pictures: Picture[];
}

/** Pictures of 100 x 100 px with gaps of 20, from the top to the bottom of a column. */
export function column(n: number): FakePage {
  vi.stubGlobal("ResizeObserver", FakeObserver);
  vi.stubGlobal("IntersectionObserver", FakeObserver);
  FakeObserver.made = [];
  scrolled(0);
  document.body.innerHTML = "";
  const root = document.createElement("main");
  document.body.append(root);
  const images = new Map<string, HTMLImageElement>();
  for (let k = 0; k < n; k++) {
    const image = placed(document.createElement("img"), [0, 120 * k, 100, 100]);
    root.append(image);
    images.set(`p${k}`, image);
  }
  const pictures = [...images.keys()].map((id) => ({ id, url: "", width: 10, height: 10, title: id }));
  return { root, images, pictures };
}

/** An observer that tells what a test makes it tell. */
export class FakeObserver {
  static made: FakeObserver[] = [];

  constructor(readonly tell: (entries: unknown[]) => void) {
    FakeObserver.made.push(this);
  }

  observe(): void {}
  disconnect(): void {}
}

/** A note and its time stamp; `at`, where an act has its place, is not needed here. */
export type Stamped<N = Note> = N extends unknown ? Omit<N, "at"> & { at: number } : never;

/** A sink that keeps everything as it comes. */
export class Listed implements Sink {
  readonly notes: Stamped[] = [];
  readonly samples: number[][] = [];
  /** Takes what waits. */
  catchUp: () => void = () => {};
  private readonly ended = new AbortController();

  get signal(): AbortSignal {
    return this.ended.signal;
  }

  write(note: Note, timeStamp: number): void {
    this.notes.push({ ...note, at: timeStamp } as Stamped);
  }

  sample(...numbers: number[]): void {
    this.samples.push(numbers);
  }

  grown(): void {}

  listen<E extends Event>(target: EventTarget, type: string, handler: (event: E) => void): void {
    const heard = (event: Event): void => {
      if (type !== "pointermove") this.catchUp();
      handler(event as E);
    };
    target.addEventListener(type, heard, { capture: true, signal: this.signal });
  }

  timed(work: () => void): void {
    this.catchUp();
    work();
  }

  stop(): void {
    this.ended.abort();
  }
}

interface Where {
  x: number;
  y: number;
  t?: number;
  type?: string;
  buttons?: number;
  target?: EventTarget;
  coalesced?: [t: number, x: number, y: number][];
}

/** A pointer event; of the movements that it puts together, each has a time. */
export function point(name: string, { x, y, t, type = "mouse", buttons = 0, target = document.body, coalesced }: Where): void {
  const stamped = (time: number | undefined, left: number, top: number): PointerEvent => {
    const event = new PointerEvent(name, { clientX: left, clientY: top, pointerType: type, buttons, isPrimary: true, bubbles: true });
    if (time !== undefined) Object.defineProperty(event, "timeStamp", { value: time });
    return event;
  };
  const event = stamped(t, x, y);
  if (coalesced) Object.defineProperty(event, "getCoalescedEvents", { value: () => coalesced.map((one) => stamped(...one)) });
  target.dispatchEvent(event);
}
