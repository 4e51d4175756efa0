/** Chunks on their way: sent in order, some at once, again and again until the service has them. */

import { type Load, pack } from "./load";
import { Nap, pauseAfter } from "./pause";
import { type Outcome, postChunk, postLastChunk } from "./post";
import type { Parcel } from "./shelf";

/** `saved`: the service has everything; `saving`: it is being sent; `offline`: the last try failed, another will follow. */
export type State = "saved" | "saving" | "offline";

/** Chunks sent at the same time. */
const AT_ONCE = 4;

interface Item {
  parcel: Parcel;
  /** What is sent: the chunk as it is until it is packed, for packing takes a moment that a page may not have. */
  load: Load;
  /** Resolves when the chunk is packed, and lies on the shelf or cannot. */
  ready: Promise<unknown>;
}

export class Queue {
  private readonly items = new Map<string, Item>();
  private readonly nap = new Nap();
  private readonly watchers = new Set<() => void>();
  private running = false;
  private stopped = false;
  /** Failed tries in a row. */
  private tries = 0;
  /** Failed tries ever. */
  private failures = 0;

  /** `done` is called for every chunk that need not be kept any more. */
  constructor(
    private readonly token: string,
    private readonly done: (parcel: Parcel) => void,
  ) {}

  get state(): State {
    if (this.items.size === 0) return "saved";
    return this.tries > 0 ? "offline" : "saving";
  }

  /** Sends a chunk as soon as it is stored. */
  add(parcel: Parcel, stored: Promise<void>): void {
    const item: Item = { parcel, load: { bytes: parcel.bytes, packed: false }, ready: stored };
    const packed = pack(parcel.bytes).then((load) => (item.load = load), () => {});
    item.ready = Promise.all([stored, packed]);
    this.items.set(keyOf(parcel), item);
    this.tell();
    void this.run();
  }

  /** Calls `watcher` after every change. */
  watch(watcher: () => void): void {
    this.watchers.add(watcher);
  }

  /** Tries now what waits for its next try. */
  hurry(): void {
    this.nap.wake();
    void this.run();
  }

  /** Tries no more; what is not sent stays where it is stored. */
  stop(): void {
    this.stopped = true;
    this.nap.wake();
    this.tell();
  }

  /** The page may be gone in a moment: everything is sent once more in the way that outlives it, as far as there is room. */
  sendLast(): void {
    for (const { parcel, load } of this.items.values()) void postLastChunk(this.token, load).then((outcome) => this.take(parcel, outcome));
  }

  /** Whether everything is sent: true at once when it is, false after the next failed try. */
  drained(): Promise<boolean> {
    const before = this.failures;
    this.hurry();
    return this.until(() => this.items.size === 0 || this.failures > before || this.stopped);
  }

  /** Whether everything is sent before `ms` are over (without them it waits for ever), failed tries or not. */
  emptied(ms?: number): Promise<boolean> {
    this.hurry();
    return this.until(() => this.items.size === 0 || this.stopped, ms);
  }

  private until(condition: () => boolean, ms?: number): Promise<boolean> {
    return new Promise((resolve) => {
      const look = (late: boolean): void => {
        if (!late && !condition()) return;
        clearTimeout(timer);
        this.watchers.delete(watcher);
        resolve(this.items.size === 0);
      };
      const watcher = (): void => look(false);
      const timer = ms === undefined ? undefined : setTimeout(() => look(true), ms);
      this.watchers.add(watcher);
      watcher();
    });
  }

  private async run(): Promise<void> {
    if (this.running || this.stopped) return;
    this.running = true;
    while (this.items.size > 0 && !this.stopped) {
      const batch = [...this.items.values()].slice(0, AT_ONCE);
      const outcomes = await Promise.all(batch.map((item) => this.send(item)));
      const failed = outcomes.some((outcome) => outcome === "later" || outcome === "denied");
      this.tries = failed ? this.tries + 1 : 0;
      this.failures += failed ? 1 : 0;
      this.tell();
      if (failed && this.items.size > 0 && !this.stopped) await this.nap.sleep(pauseAfter(this.tries));
    }
    this.tries = 0;
    this.running = false;
    this.tell();
  }

  private async send(item: Item): Promise<Outcome> {
    await item.ready;
    if (this.stopped) return "later";
    const outcome = await postChunk(this.token, item.load);
    this.take(item.parcel, outcome);
    return outcome;
  }

  private take(parcel: Parcel, outcome: Outcome): void {
    if (outcome !== "taken" && outcome !== "unwanted") return;
    if (this.items.delete(keyOf(parcel))) this.done(parcel);
    this.tell();
  }

  private tell(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

function keyOf({ tab, seq }: Parcel): string {
  return `${tab} ${seq}`;
}
