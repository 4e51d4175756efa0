/** The 64 KiB that all requests of a page share that go on when the page is gone; a request beyond them just fails. */

const ROOM = 60 * 1024;
/** What a request takes besides its body. */
const ENVELOPE = 512;

export class Budget {
  private free = ROOM;

  /** Takes room for a body; false if there is none. */
  take(bytes: number): boolean {
    if (bytes + ENVELOPE > this.free) return false;
    this.free -= bytes + ENVELOPE;
    return true;
  }

  give(bytes: number): void {
    this.free += bytes + ENVELOPE;
  }
}
