/**
 * The outbox: what the recorder gives reaches the service, whatever happens on the way.
 *
 * A chunk is written to the device before it is sent, and removed when the service has it on its own disk. A request that
 * fails is repeated; a page that goes sends what it can in its last moment; what is left then goes when the person comes
 * back. The service knows a chunk by session, tab and number, so that one that arrives twice is there once.
 *
 * A chunk that is not cut yet lies on the device as a draft, for the case that the tab is killed. It becomes a chunk like
 * the others once the tab is gone, and not before: else the service would have its number, and refuse what is cut later.
 *
 * Several tabs do not fight: each sends its own chunks, and one after the other, by a lock, what is still left then.
 */

import { lettersOf } from "../record/letters";
import type { Submit, Submitted } from "../record/records.gen";
import * as drafts from "./drafts";
import { Life, whenGone } from "./life";
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
  private readonly life: Life;
  private lasting: boolean;
  /** Above the numbers of all chunks and drafts of this tab. */
  private next = 0;
  /** `Date.now()` at the last chunk, and when the outbox was opened. */
  private at = Date.now();
  private sweeping: Promise<unknown> = Promise.resolve();

  /** Opens a session's outbox in this tab, and begins to send what an earlier one has left in it. */
  static async open(session: string, token: string, tab: string): Promise<Outbox> {
    const outbox = new Outbox(session, token, tab, await openShelf());
    drafts.forget(Date.now() - KEEP_MS);
    await outbox.shelf.forget(Date.now() - KEEP_MS).catch(() => {});
    const left = await outbox.left();
    for (const parcel of [...left, ...drafts.laid(session)]) if (parcel.tab === tab) outbox.next = Math.max(outbox.next, parcel.seq + 1);
    outbox.sweeping = outbox.sweep(new Set(left.map(nameOf)));
    return outbox;
  }

  private constructor(
    private readonly session: string,
    private readonly token: string,
    private readonly tab: string,
    private readonly shelf: Shelf,
  ) {
    this.life = new Life(tab);
    this.lasting = shelf.durable;
    this.queue = new Queue(token, (parcel) => void this.remove(parcel));
    this.listen();
  }

  /** Whether chunks survive this tab. */
  get durable(): boolean {
    return this.lasting;
  }

  /** Number of the tab's next chunk. */
  nextSeq(): number {
    return Math.max(this.next, nextNumber(this.session, this.tab));
  }

  /** Takes the chunk that is not cut yet, as it is so far, and keeps it until the chunk itself is stored. */
  draft(seq: number, letters: string): void {
    const { session, tab, at } = this;
    if (this.shelf.durable && this.life.known) drafts.lay({ session, tab, seq, at }, letters);
  }

  /** Takes a chunk; resolves when it is stored on the device (or, if it has no place for it, at once). */
  put(seq: number, bytes: Uint8Array<ArrayBufferLike>): Promise<void> {
    this.next = Math.max(this.next, seq + 1);
    this.at = Date.now();
    used(this.session, this.tab, seq);
    // From the moment on at which this chunk may be sent, nobody can find an older draft of it.
    this.draft(seq, lettersOf(bytes));
    const parcel: Parcel = { session: this.session, tab: this.tab, seq, bytes: bytes as Uint8Array<ArrayBuffer>, at: this.at };
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
    this.life.end();
  }

  private listen(): void {
    const { signal } = this.closed;
    // Not in the capture phase: the recorder's own listeners, which give the last chunk, come first.
    addEventListener("visibilitychange", () => document.hidden && this.queue.sendLast(), { signal });
    addEventListener("pagehide", () => this.queue.sendLast(), { signal });
    addEventListener("pagehide", () => this.life.end(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.life.begin(), { signal });
    addEventListener("pageshow", () => this.queue.hurry(), { signal });
    addEventListener("online", () => this.queue.hurry(), { signal });
  }

  private async store(parcel: Parcel): Promise<void> {
    const late = new Promise<never>((_, refuse) => setTimeout(refuse, SHELF_MS));
    try {
      await Promise.race([this.shelf.put(parcel), late]);
      if (this.shelf.durable) drafts.drop(parcel);
    } catch {
      this.lasting = false;
    }
  }

  private async remove(parcel: Parcel): Promise<void> {
    drafts.drop(parcel);
    await this.shelf.remove(parcel).catch(() => {});
  }

  private left(): Promise<Parcel[]> {
    return this.shelf.all(this.session).catch(() => []);
  }

  /** Sends what an earlier tab left: one that was closed, killed or had no network. */
  private async sweep(names: Set<string>): Promise<void> {
    const tabs = this.shelf.durable ? drafts.laid(this.session).map(({ tab }) => tab) : [];
    for (const tab of new Set(tabs)) await whenGone(tab, () => this.finish(tab, names));
    // Not before: now drafts of this tab are its own.
    if (!this.closed.signal.aborted) this.life.begin();
    if (names.size === 0) return;
    if (!navigator.locks) return this.adopt(names);
    await navigator.locks.request(`sidelight.sweep.${this.session}`, () => this.adopt(names));
  }

  /** Makes the drafts of a tab that is gone chunks like the others; a chunk that was stored is better than its draft. */
  private async finish(tab: string, names: Set<string>): Promise<void> {
    const stored = new Set((await this.left()).map(nameOf));
    for (const draft of drafts.laid(this.session).filter((one) => one.tab === tab)) {
      names.add(nameOf(draft));
      if (!stored.has(nameOf(draft))) await this.shelf.put(draft);
      drafts.drop(draft);
    }
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
