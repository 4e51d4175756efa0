/** What the recorder offers to those who watch the page for it. */

import type { Entry } from "./records.gen";

/** An entry before it is known when it happened and after how many samples. */
export type Note<E = Entry> = E extends unknown ? Omit<E, "t" | "i"> : never;

export interface Sink {
  /** Adds an entry; `timeStamp` is on the clock of `event.timeStamp`. */
  write(note: Note, timeStamp: number): void;
  /** Adds a pointer sample: client px, modality 0 mouse, 1 touch, 2 pen, pressed 0 or 1. */
  sample(timeStamp: number, x: number, y: number, modality: number, pressed: number): void;
  /** Something is there that will be added. */
  grown(): void;
  /** Adds what waits; to be called before anything changes that it depends on. */
  catchUp(): void;
  /**
   * Listens, passively and in the capture phase, until the recorder stops; the time that handlers take is counted. Before
   * they are called what waits is added; only what moves the pointer may wait itself.
   */
  listen<E extends Event>(target: EventTarget, type: string, handler: (event: E) => void): void;
  /** Adds what waits, runs `work`, and counts its time, too. */
  timed(work: () => void): void;
  /** Ends when the recorder stops. */
  readonly signal: AbortSignal;
}
