/**
 * Numbers of a tab's chunks. They live where the tab's id lives, in sessionStorage: a number used twice would make the
 * service take another chunk for one that it has.
 */

/** Number of the tab's next chunk, as far as sessionStorage knows. */
export function nextNumber(session: string, tab: string): number {
  return Number(sessionStorage.getItem(name(session, tab)) ?? 0);
}

/** This number is used now. A storage that is full must not cost the chunk: the number is on the shelf as well. */
export function used(session: string, tab: string, seq: number): void {
  try {
    if (seq >= nextNumber(session, tab)) sessionStorage.setItem(name(session, tab), String(seq + 1));
  } catch {
    return;
  }
}

function name(session: string, tab: string): string {
  return `sidelight.next.${session}.${tab}`;
}
