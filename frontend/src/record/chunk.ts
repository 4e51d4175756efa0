/**
 * A chunk: a stretch of a page's log and of the pointer's path, as the bytes that are sent and stored.
 *
 * The layout is specified in `src/sidelight/collect/wire/README.md`; golden vectors shared with Python keep both sides
 * equal. The recorder writes chunks with `Draft`, the requester's replay reads them with `decode`.
 */

import { ColumnWriter, readColumns, type Samples } from "./columns";
import { lettersOf } from "./letters";
import type { Entry } from "./records.gen";

export type { Samples } from "./columns";

const MAGIC = "SLC1";
const COLUMNS = 4;
const UTF8 = new TextEncoder();

/** Where a chunk belongs, and on which clocks. */
export interface Head {
  page: string;
  tab: string;
  seq: number;
  segment: number;
  /** This segment's time and `Date.now()`, read together when the chunk was cut. */
  anchor: [number, number];
  /** Whether the browser offers `getCoalescedEvents`. */
  coalesced: boolean;
}

export interface Chunk extends Head {
  entries: readonly Entry[];
  samples: Samples;
}

/** The bytes of a chunk. */
export function encode(chunk: Chunk): Uint8Array<ArrayBuffer> {
  const { entries, samples, ...head } = chunk;
  const writer = new ColumnWriter();
  for (let k = 0; k < samples.t.length; k++) {
    writer.push(samples.t[k]!, samples.x[k]!, samples.y[k]!, samples.modality[k]!, samples.pressed[k]!);
  }
  return assemble(head, entries.map((entry) => JSON.stringify(entry)), writer);
}

/** Puts a chunk together from entries that are JSON already and columns that are bytes already. */
export function assemble(place: Head, entries: readonly string[], writer: ColumnWriter): Uint8Array<ArrayBuffer> {
  const columns = writer.columns();
  const head = UTF8.encode(headOf(place, entries, writer.n, columns));
  const start = MAGIC.length + 4;
  const bytes = new Uint8Array(columns.reduce((sum, column) => sum + column.length, start + head.length));
  UTF8.encodeInto(MAGIC, bytes);
  new DataView(bytes.buffer).setUint32(MAGIC.length, head.length, true);
  let at = start;
  for (const part of [head, ...columns]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The same with a letter for every byte, where all entries are ASCII: a third of the work. */
export function assembleLetters(place: Head, entries: readonly string[], writer: ColumnWriter): string {
  const columns = writer.columns();
  const head = headOf(place, entries, writer.n, columns);
  const { length } = head;
  const lengths = String.fromCharCode(length % 256, (length >> 8) % 256, (length >> 16) % 256, length >> 24);
  return columns.reduce((text, column) => text + lettersOf(column), MAGIC + lengths + head);
}

function headOf(place: Head, entries: readonly string[], n: number, columns: readonly Uint8Array[]): string {
  const fields = JSON.stringify({ ...place, n, bytes: columns.map((column) => column.length) });
  return `${fields.slice(0, -1)},"entries":[${entries.join(",")}]}`;
}

/** The chunk that `bytes` hold. Throws an `Error` if they are broken. */
export function decode(bytes: Uint8Array): Chunk {
  const start = MAGIC.length + 4;
  const text = new TextDecoder();
  if (bytes.length < start || text.decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) throw new Error(`no chunk: it does not begin with ${MAGIC}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(MAGIC.length, true);
  if (start + length > bytes.length) throw new Error(`the head of ${length} bytes is cut off`);
  const head = JSON.parse(text.decode(bytes.subarray(start, start + length))) as Head & { n: number; bytes: number[]; entries: Entry[] };
  const { n, bytes: lengths, ...rest } = head;
  return { ...rest, samples: readColumns(n, split(bytes.subarray(start + length), lengths)) };
}

function split(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (lengths.length !== COLUMNS || total !== bytes.length) throw new Error(`columns of ${bytes.length} bytes where the head names ${lengths}`);
  let at = 0;
  return lengths.map((length) => bytes.subarray(at, (at += length)));
}
