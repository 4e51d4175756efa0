/**
 * Whether a tab lives: as long as it does it holds a lock of its name, and however it ends, the browser takes the lock back.
 *
 * Browsers have locks in secure contexts alone. Without them nobody can tell: no tab is ever taken for alive, nor for gone.
 */

/** A tab that is just being ended lets go within this time. */
const LET_GO_MS = 500;

export class Life {
  private letting = new AbortController();
  private held = false;

  constructor(private readonly tab: string) {}

  /** Whether every other tab can know that this one lives. */
  get known(): boolean {
    return this.held;
  }

  /** Takes the lock, as soon as it is to be had. */
  begin(): void {
    this.end();
    const { signal } = (this.letting = new AbortController());
    const hold = (): Promise<void> => {
      this.held = true;
      return new Promise((letGo) => signal.addEventListener("abort", () => letGo()));
    };
    navigator.locks?.request(nameOf(this.tab), { signal }, hold).catch(() => {});
  }

  /** Lets go: a page that holds a lock has no place in the back/forward cache. */
  end(): void {
    this.held = false;
    this.letting.abort();
  }
}

/** Runs `work` while a tab cannot come to life; not at all if it lives, or nobody can tell. */
export async function whenGone(tab: string, work: () => Promise<void>): Promise<void> {
  await navigator.locks?.request(nameOf(tab), { signal: AbortSignal.timeout(LET_GO_MS) }, work).catch(() => {});
}

function nameOf(tab: string): string {
  return `sidelight.tab.${tab}`;
}
