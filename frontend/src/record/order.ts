/** Times within a segment: ms since the page was shown, to 0.1 ms, never running back. */

/** Latest time that a chunk can hold, ms: some 11 days. */
export const LATEST = 1e9;

export class Order {
  private last = 0;

  /** `origin` is the moment of showing on the clock of `event.timeStamp`. */
  constructor(private readonly origin: number) {}

  /** The segment's time of a moment on the clock of `event.timeStamp`; at least the one before it. */
  of(timeStamp: number): number {
    const t = Math.floor(10 * (timeStamp - this.origin) + 0.5) / 10;
    this.last = Math.min(LATEST, Math.max(this.last, t));
    return this.last;
  }

  /** The last time given. */
  get latest(): number {
    return this.last;
  }
}
