/** A page's chunks on one line of time: what the replay draws from. Pure: no DOM, no clock. */

import { type Box, boxesAfter } from "../../record/boxes";
import type { Chunk } from "../../record/chunk";
import type { Entry, Layout } from "../../record/records.gen";

/** A pause between two showings that is longer than this is shortened to it, and said so. */
export const LONGEST_GAP_MS = 3000;

/** One showing of the page: its own clock, and where it lies on the line. */
export interface Segment {
  number: number;
  /** Where its time 0 lies on the line, ms. */
  start: number;
  /** Its last moment on the line, ms. */
  end: number;
  /** Wall clock of its time 0, ms since 1970. */
  epoch: number;
  /** Real pause before it, ms; more than what the line shows when it was shortened. */
  gap: number;
}

/** An entry with its place on the line; a layout names every picture, also those that its record leaves out. */
export interface Moment {
  at: number;
  segment: number;
  entry: Entry;
  /** Index of the last sample before it; -1 if none. */
  sample: number;
}

/** Everything of a page, in order of time. */
export interface Timeline {
  length: number;
  segments: Segment[];
  moments: Moment[];
  /** Pointer samples: time on the line, client px, modality (0 mouse, 1 touch, 2 pen), pressed (0 or 1). */
  t: Float64Array;
  x: Float64Array;
  y: Float64Array;
  modality: Uint8Array;
  pressed: Uint8Array;
}

interface Showing {
  number: number;
  chunks: Chunk[];
  last: number;
  epoch: number;
}

/** Puts chunks, in any order, onto one line. */
export function timeline(chunks: readonly Chunk[]): Timeline {
  const showings = group(chunks);
  const segments = place(showings);
  const count = chunks.reduce((sum, chunk) => sum + chunk.samples.t.length, 0);
  const line: Timeline = {
    length: segments.reduce((last, segment) => Math.max(last, segment.end), 0),
    segments,
    moments: [],
    t: new Float64Array(count),
    x: new Float64Array(count),
    y: new Float64Array(count),
    modality: new Uint8Array(count),
    pressed: new Uint8Array(count),
  };
  let written = 0;
  showings.forEach((showing, index) => {
    const start = segments[index]!.start;
    const whole = wholeLayouts();
    for (const { entries, samples } of showing.chunks) {
      for (const entry of entries) {
        const sample = written + entry.i - 1;
        line.moments.push({ at: start + entry.t, segment: showing.number, entry: entry.k === "layout" ? whole(entry) : entry, sample });
      }
      line.t.set(samples.t.map((t) => start + t), written);
      line.x.set(samples.x, written);
      line.y.set(samples.y, written);
      line.modality.set(samples.modality, written);
      line.pressed.set(samples.pressed, written);
      written += samples.t.length;
    }
  });
  return line;
}

/** Puts back, layout by layout of one showing, the boxes of the pictures that only moved with the document. */
function wholeLayouts(): (layout: Layout) => Layout {
  let last: Layout | null = null;
  let boxes: Record<string, Box> = {};
  return (layout) => {
    boxes = boxesAfter(boxes, last, layout);
    last = layout;
    return { ...layout, images: boxes };
  };
}

/** Chunks by segment, in order; several tabs of one segment follow one another by their first time. */
function group(chunks: readonly Chunk[]): Showing[] {
  const numbers = [...new Set(chunks.map((chunk) => chunk.segment))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const mine = chunks
      .filter((chunk) => chunk.segment === number)
      .sort((a, b) => firstTime(a) - firstTime(b) || a.seq - b.seq);
    const [now, dateNow] = mine[0]!.anchor;
    return { number, chunks: mine, last: Math.max(...mine.map(lastTime)), epoch: dateNow - now };
  });
}

function place(showings: readonly Showing[]): Segment[] {
  const placed: Segment[] = [];
  for (const { number, last, epoch } of showings) {
    const before = placed.at(-1);
    const gap = before ? Math.max(0, epoch - (before.epoch + before.end - before.start)) : 0;
    const start = before ? before.end + Math.min(gap, LONGEST_GAP_MS) : 0;
    placed.push({ number, start, end: start + last, epoch, gap });
  }
  return placed;
}

function firstTime(chunk: Chunk): number {
  return Math.min(chunk.entries[0]?.t ?? Infinity, chunk.samples.t[0] ?? Infinity);
}

function lastTime(chunk: Chunk): number {
  return Math.max(0, chunk.entries.at(-1)?.t ?? 0, chunk.samples.t.at(-1) ?? 0);
}

/** How many numbers of an ascending array are <= `value`. */
export function upTo(times: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Stretches in which nothing happened for longer than `longest`, as [from, to] on the line. */
export function pauses(line: Timeline, longest: number): [number, number][] {
  const times = [...line.t, ...line.moments.map((moment) => moment.at)].sort((a, b) => a - b);
  const found: [number, number][] = [];
  for (let k = 1; k < times.length; k++) {
    if (times[k]! - times[k - 1]! > longest) found.push([times[k - 1]!, times[k]!]);
  }
  return found;
}
