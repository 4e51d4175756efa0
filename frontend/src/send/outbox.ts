/**
 * The outbox: what the recorder gives reaches the service, whatever happens on the way.
 *
 * A chunk is written to the device before it is sent, and removed when the service has it on its own disk. A request that
 * fails is repeated; a page that goes sends what it can in its last moment; what is left then goes when the person comes
 * back. The service knows a chunk by session, tab and number, so that one that arrives twice is there once.
 *
 * Several tabs do not fight: each sends its own chunks, and one after the other, by a lock, what is still left then.
 */

import type { Submit, Submitted } from "../record/records.gen";
import { nextNumber, used } from "./numbers";
import { Queue, type State } from "./queue";
import { openShelf, type Parcel, type Shelf } from "./shelf";
import { submit } from "./submit";

export type { State } from "./queue";

/** What nobody came back for is thrown away after a week: it is a person's data. */
const KEEP_MS = 7 * 24 * 3600 * 1000;
/** A device that does not answer must not hold up the sending. */
const SHELF_MS = 2000;

export class Outbox {
  private readonly queue: Queue;
  private readonly closed = new AbortController();
  private lasting: boolean;
  private sweeping: Promise<unknown> = Promise.resolve();

  /** Opens a session's outbox, and begins to send what an earlier tab has left in it. */
  static async open(session: string, token: string): Promise<Outbox> {
    const outbox = new Outbox(session, token, await openShelf());
    await outbox.shelf.forget(Date.now() - KEEP_MS).catch(() => {});
    outbox.sweeping = outbox.sweep(new Set((await outbox.left()).map(nameOf)));
    return outbox;
  }

  private constructor(
    private readonly session: string,
    private readonly token: string,
    private readonly shelf: Shelf,
  ) {
    this.lasting = shelf.durable;
    this.queue = new Queue(token, (parcel) => void this.remove(parcel));
    this.listen();
  }

  /** Whether chunks survive this tab. */
  get durable(): boolean {
    return this.lasting;
  }

  /** Number of the tab's next chunk. */
  async nextSeq(tab: string): Promise<number> {
    const left = (await this.left()).filter((parcel) => parcel.tab === tab);
    return left.reduce((next, { seq }) => Math.max(next, seq + 1), nextNumber(this.session, tab));
  }

  /** Takes a chunk; resolves when it is stored on the device (or, if it has no place for it, at once). */
  put(tab: string, seq: number, bytes: Uint8Array<ArrayBufferLike>): Promise<void> {
    used(this.session, tab, seq);
    const parcel: Parcel = { session: this.session, tab, seq, bytes: bytes as Uint8Array<ArrayBuffer>, at: Date.now() };
    const stored = this.store(parcel);
    this.queue.add(parcel, stored);
    if (document.hidden) this.queue.sendLast();
    return stored;
  }

  /** Resolves when the service has what an earlier tab left, at the latest after `ms`. */
  async swept(ms: number): Promise<void> {
    await Promise.race([this.sweeping, new Promise((done) => setTimeout(done, ms))]);
  }

  /** Whether all chunks are with the service; false as soon as a try fails. Sending goes on in any case. */
  drain(): Promise<boolean> {
    return this.queue.drained();
  }

  /**
   * Submits a page when its chunks are there; sends missing ones again. The third try is taken with gaps.
   *
   * Throws `Unreachable` when there is no answer, `Refused` when the service says no.
   */
  submit(body: Omit<Submit, "attempt">): Promise<Submitted> {
    return submit(this.token, body, (ms) => this.queue.emptied(ms));
  }

  /** Calls `callback` with the state now, and whenever it changes. */
  onState(callback: (state: State) => void): void {
    let last: State | null = null;
    const look = (): void => {
      if (this.queue.state === last) return;
      last = this.queue.state;
      callback(last);
    };
    this.queue.watch(look);
    look();
  }

  /** Sends no more; what is left goes when the session's outbox is opened again. */
  close(): void {
    this.closed.abort();
    this.queue.stop();
  }

  private listen(): void {
    const { signal } = this.closed;
    // Not in the capture phase: the recorder's own listeners, which give the last chunk, come first.
    addEventListener("visibilitychange", () => document.hidden && this.queue.sendLast(), { signal });
    addEventListener("pagehide", () => this.queue.sendLast(), { signal });
    addEventListener("pageshow", () => this.queue.hurry(), { signal });
    addEventListener("online", () => this.queue.hurry(), { signal });
  }

  private async store(parcel: Parcel): Promise<void> {
    const late = new Promise<never>((_, refuse) => setTimeout(refuse, SHELF_MS));
    try {
      await Promise.race([this.shelf.put(parcel), late]);
    } catch {
      this.lasting = false;
    }
  }

  private async remove(parcel: Parcel): Promise<void> {
    await this.shelf.remove(parcel).catch(() => {});
  }

  private left(): Promise<Parcel[]> {
    return this.shelf.all(this.session).catch(() => []);
  }

  /** Sends what an earlier tab left: one that was closed, killed or had no network. */
  private async sweep(names: ReadonlySet<string>): Promise<void> {
    if (names.size === 0) return;
    if (!navigator.locks) return this.adopt(names);
    await navigator.locks.request(`sidelight.sweep.${this.session}`, () => this.adopt(names));
  }

  /** Takes these over, as far as they are still there, and waits until they are sent. */
  private async adopt(names: ReadonlySet<string>): Promise<void> {
    for (const parcel of await this.left()) if (names.has(nameOf(parcel))) this.queue.add(parcel, Promise.resolve());
    await this.queue.emptied();
  }
}

function nameOf({ tab, seq }: Parcel): string {
  return `${tab} ${seq}`;
}
