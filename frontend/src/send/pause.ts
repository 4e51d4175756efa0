/** Pauses between tries: longer each time, and by chance, so that a thousand pages do not come back all at once. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Pause before try number `tries` (from 1) is repeated; between half and all of 0.5 s, 1 s, 2 s ... 15 s. */
export function pauseAfter(tries: number, chance: () => number = Math.random): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1)) * (0.5 + 0.5 * chance());
}

/** A sleep that can be ended early. */
export class Nap {
  private end: (() => void) | null = null;

  sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(() => this.wake(), ms);
      this.end = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  wake(): void {
    this.end?.();
    this.end = null;
  }
}
