/** What the page looked like at one moment of its time line. Pure. */

import type { Clear, Entry, Layout, Place, Stroke } from "../../record/records.gen";
import { type Moment, type Timeline, upTo } from "./timeline";

/** How long the pointer's trail stays, ms of the line. */
export const TRAIL_MS = 1500;
/** How long the ring of a click stays, ms. */
export const RING_MS = 600;

/** A click's ring: where, and how much of its time is over, in [0, 1]. */
export interface Ring {
  x: number;
  y: number;
  age: number;
}

export interface Scene {
  layout: Layout | null;
  /** Indices [from, to) of the samples that the trail shows; `to - 1` is the pointer. */
  trail: [number, number];
  rings: Ring[];
  /** Browse: image -> place (null without a pointer). */
  selected: ReadonlyMap<string, Place | null>;
  /** Tag: class -> place. */
  icons: ReadonlyMap<string, Place | null>;
  carried: string;
  panel: number | null;
  /** Paint: what counts, in order. */
  painted: readonly (Stroke | Clear)[];
  label: string;
  hovered: string;
  failed: ReadonlySet<string>;
  visible: boolean;
  focused: boolean;
  segment: number;
}

interface Draft {
  layout: Layout | null;
  selected: Map<string, Place | null>;
  icons: Map<string, Place | null>;
  carried: string;
  panel: number | null;
  painted: (Stroke | Clear)[];
  undone: (Stroke | Clear)[];
  label: string;
  hovered: string;
  failed: Set<string>;
  visible: boolean;
  focused: boolean;
}

/** The scene at time `at` of the line. */
export function scene(line: Timeline, at: number): Scene {
  const draft = blank();
  const moments = line.moments.slice(0, momentsUpTo(line.moments, at));
  for (const { entry } of moments) step(draft, entry);
  const segment = moments.at(-1)?.segment ?? line.segments[0]?.number ?? 0;
  const begun = line.segments.find((one) => one.number === segment)?.start ?? 0;
  const to = upTo(line.t, at);
  const from = Math.max(upTo(line.t, at - TRAIL_MS), firstFrom(line.t, begun));
  return { ...draft, trail: [Math.min(from, to), to], rings: rings(line, moments, at), segment };
}

/** How many moments lie at or before `at`. */
export function momentsUpTo(moments: readonly Moment[], at: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstFrom(times: ArrayLike<number>, value: number): number {
  let k = upTo(times, value);
  while (k > 0 && times[k - 1] === value) k--;
  return k;
}

function blank(): Draft {
  return {
    layout: null,
    selected: new Map(),
    icons: new Map(),
    carried: "",
    panel: null,
    painted: [],
    undone: [],
    label: "",
    hovered: "",
    failed: new Set(),
    visible: true,
    focused: true,
  };
}

function step(draft: Draft, entry: Entry): void {
  switch (entry.k) {
    case "shown":
      draft.visible = draft.focused = true;
      draft.hovered = draft.carried = "";
      break;
    case "layout":
      draft.layout = entry;
      break;
    case "visibility":
      draft.visible = entry.visible;
      break;
    case "focus":
      draft.focused = entry.focused;
      break;
    case "hover":
      if (entry.inside) draft.hovered = entry.image;
      else if (draft.hovered === entry.image) draft.hovered = "";
      break;
    case "image":
      if (entry.state === "failed") draft.failed.add(entry.image);
      break;
    default:
      task(draft, entry);
  }
}

function task(draft: Draft, entry: Entry): void {
  switch (entry.k) {
    case "select":
      draft.selected.set(entry.image, entry.at ?? null);
      break;
    case "deselect":
      draft.selected.delete(entry.image);
      break;
    case "panel":
      draft.panel = entry.panel;
      break;
    case "decide":
      draft.label = entry.label;
      break;
    default:
      icons(draft, entry);
      paint(draft, entry);
  }
}

function icons(draft: Draft, entry: Entry): void {
  switch (entry.k) {
    case "pick":
      draft.carried = entry.label;
      break;
    case "put_back":
      draft.carried = "";
      break;
    case "add":
      draft.icons.set(entry.label, entry.at ?? null);
      draft.carried = "";
      break;
    case "move":
      if (draft.icons.has(entry.label)) draft.icons.set(entry.label, entry.at);
      draft.carried = "";
      break;
    case "remove":
      draft.icons.delete(entry.label);
      draft.carried = "";
      break;
  }
}

function paint(draft: Draft, entry: Entry): void {
  switch (entry.k) {
    case "stroke":
    case "clear":
      draft.painted.push(entry);
      draft.undone = [];
      break;
    case "undo":
      if (draft.painted.length) draft.undone.push(draft.painted.pop()!);
      break;
    case "redo":
      if (draft.undone.length) draft.painted.push(draft.undone.pop()!);
      break;
  }
}

/** Rings of the clicks of the last moments: at the sample of each press. */
function rings(line: Timeline, moments: readonly Moment[], at: number): Ring[] {
  const found: Ring[] = [];
  for (let k = moments.length - 1; k >= 0 && moments[k]!.at > at - RING_MS; k--) {
    const { entry, at: when, sample } = moments[k]!;
    if (entry.k !== "pointer" || entry.action !== "down") continue;
    if (sample >= 0) found.push({ x: line.x[sample]!, y: line.y[sample]!, age: (at - when) / RING_MS });
  }
  return found;
}
