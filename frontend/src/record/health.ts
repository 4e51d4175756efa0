/** How the recorder itself fares: what it was given, what it could not keep, and the time it took. */

import type { Health } from "./records.gen";
import type { Note } from "./sink";

/** Of the calls that come at every movement one in so many is timed, for reading the clock takes as long as the call. */
const ONE_IN = 32;

export class Pulse {
  samples = 0;
  dropped = 0;
  /** Time that the last work took, ms. */
  took = 0;
  private spent = 0;
  private granularity = Infinity;
  private last = -Infinity;
  private calls = 0;

  /** A sample was delivered with this time stamp. */
  delivered(timeStamp: number): void {
    this.samples++;
    const step = timeStamp - this.last;
    if (step > 0 && step < this.granularity) this.granularity = step;
    this.last = timeStamp;
  }

  /** Runs `work` and adds the time it took, as often as the calls that it stands for. */
  timed(work: () => void, calls = 1): void {
    const begun = performance.now();
    try {
      work();
    } finally {
      this.took = performance.now() - begun;
      this.spent += calls * this.took;
    }
  }

  /** Runs `work` on this event, as it does often, and counts its time by samples. */
  sampled(work: (event: Event) => void, event: Event): void {
    if (this.calls++ % ONE_IN === 0) this.timed(() => work(event), ONE_IN);
    else work(event);
  }

  note(): Note<Health> {
    const granularity = Number.isFinite(this.granularity) ? this.granularity : 0;
    return { k: "health", samples: this.samples, dropped: this.dropped, handler_ms: round(this.spent), granularity_ms: round(granularity) };
  }
}

function round(ms: number): number {
  return Math.round(1000 * ms) / 1000;
}
