/**
 * The chunk under way: takes samples and entries in order, gives bytes when it is cut.
 *
 * Every sample is coded, and every entry made to JSON, as it comes. So the size is known at any time, and cutting a chunk,
 * perhaps in the last moment of a page, is little work.
 */

import { assemble, assembleLetters, type Head } from "./chunk";
import { ColumnWriter } from "./columns";
import type { Entry } from "./records.gen";

/** A chunk is cut at this size. */
export const FULL = 16 * 1024;
/** An entry of more bytes than this does not fit into any chunk (a head may have 48 KiB). */
export const LARGEST_ENTRY = 40 * 1024;
/** Fields of the head besides the entries, at most; page, tab and their like are short. */
const REST_OF_HEAD = 512;
const NOT_ASCII = /[^\x20-\x7e]/g;

export class Draft {
  private readonly columns = new ColumnWriter();
  private readonly entries: string[] = [];
  private written = 0;

  /** Pointer samples in it. */
  get samples(): number {
    return this.columns.n;
  }

  get empty(): boolean {
    return this.columns.n === 0 && this.entries.length === 0;
  }

  get full(): boolean {
    return REST_OF_HEAD + this.written + this.columns.size >= FULL;
  }

  /** Whether an entry fits without making the chunk larger than a full one. */
  fits(text: string): boolean {
    return REST_OF_HEAD + this.written + this.columns.size + text.length <= FULL;
  }

  sample(t: number, x: number, y: number, modality: number, pressed: number): void {
    this.columns.push(t, x, y, modality, pressed);
  }

  entry(text: string): void {
    this.entries.push(text);
    this.written += text.length + 1;
  }

  /** A chunk of all that is in it so far, with a letter for every byte. */
  soFar(head: Head): string {
    return assembleLetters(head, this.entries, this.columns);
  }

  /** The chunk's bytes; the draft is empty again. */
  cut(head: Head): Uint8Array<ArrayBuffer> {
    const bytes = assemble(head, this.entries, this.columns);
    this.columns.clear();
    this.entries.length = this.written = 0;
    return bytes;
  }
}

/** An entry as JSON in ASCII, a letter a byte; refused if no chunk can hold it. */
export function asText(entry: Entry): string {
  const text = JSON.stringify(entry).replace(NOT_ASCII, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (text.length <= LARGEST_ENTRY) return text;
  throw new RangeError(`an entry "${entry.k}" of ${text.length} bytes; a chunk holds ${LARGEST_ENTRY}. End a long stroke earlier and begin another`);
}
