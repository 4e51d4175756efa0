/**
 * Drafts: chunks as they were a moment ago, before they were cut. A tab that is killed leaves one.
 *
 * They lie in localStorage: what is written there has left the tab's process when the call returns, so that nothing needs
 * to be put in order afterwards, and it takes the page a third of the time that IndexedDB does. A draft whose tab still
 * lives belongs to it alone: the service keeps a number's first chunk, and would refuse the rest of this one.
 */

import { bytesOf } from "../record/letters";
import type { Parcel } from "./shelf";

const PREFIX = "sidelight.draft.";

type Place = Pick<Parcel, "session" | "tab" | "seq">;

/** Lays a draft, with a letter for every byte, down instead of the one before it. A storage that is full takes none. */
export function lay(place: Place & { at: number }, letters: string): void {
  try {
    localStorage.setItem(nameOf(place), `${place.at} ${letters}`);
  } catch {
    return;
  }
}

export function drop(parcel: Place): void {
  try {
    localStorage.removeItem(nameOf(parcel));
  } catch {
    return;
  }
}

/** All drafts of a session, by tab and number. */
export function laid(session: string): Parcel[] {
  return all().filter((parcel) => parcel.session === session).sort((a, b) => a.seq - b.seq);
}

/** Throws away what was laid down before `at`, whoever's it is. */
export function forget(at: number): void {
  all().filter((parcel) => parcel.at < at).forEach(drop);
}

function all(): Parcel[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).flatMap(read);
  } catch {
    return [];
  }
}

/** The draft of this name; none if another tab has just dropped it. */
function read(name: string): Parcel[] {
  const [session, tab, seq] = JSON.parse(name.slice(PREFIX.length)) as [string, string, number];
  const value = localStorage.getItem(name);
  if (value === null) return [];
  const space = value.indexOf(" ");
  return [{ session, tab, seq, bytes: bytesOf(value.slice(space + 1)), at: Number(value.slice(0, space)) }];
}

function nameOf({ session, tab, seq }: Place): string {
  return PREFIX + JSON.stringify([session, tab, seq]);
}
