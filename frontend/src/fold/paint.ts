/** Paint: the class decided in the end, and the mask that the strokes that count leave on the grid. */

import type { PaintAnswer, Stroke } from "../record/records.gen";
import type { Note } from "../record/sink";
import type { Act } from "./act";
import { drawSegment } from "./capsule";

export type Grid = readonly [number, number];
/** Lengths of alternating runs of 0 and 1, row by row, beginning with 0. */
export type Runs = PaintAnswer["runs"];

type Painted = Extract<Act, { k: "stroke" | "clear" }>;

/** The same rules as `src/sidelight/collect/fold/paint.py`. */
export function fold(acts: readonly Act[], grid: Grid): PaintAnswer {
  let label = "";
  for (const act of acts) if (act.k === "decide") label = act.label;
  const mask = new Uint8Array(grid[0] * grid[1]);
  for (const step of counting(acts)) {
    if (step.k === "clear") mask.fill(0);
    else drawStroke(mask, grid, step);
  }
  return { task: "paint", label, grid, runs: runsOf(mask) };
}

/** The strokes and clearings that count in the end. */
export function counting(acts: readonly Act[]): Painted[] {
  const done: Painted[] = [];
  let undone: Painted[] = [];
  for (const act of acts) {
    if (act.k === "undo" && done.length > 0) undone.push(done.pop()!);
    if (act.k === "redo" && undone.length > 0) done.push(undone.pop()!);
    if (act.k !== "stroke" && act.k !== "clear") continue;
    done.push(act);
    undone = [];
  }
  return done;
}

/** Draws a stroke, or a part of one, onto a mask of 0 and 1, row by row. */
export function drawStroke(mask: Uint8Array, grid: Grid, { tool, radius, cells }: Pick<Note<Stroke>, "tool" | "radius" | "cells">): void {
  const value = tool === "brush" ? 1 : 0;
  const tip = Math.floor(16 * radius + 0.5);
  if (cells.length === 2) drawSegment(mask, grid, [cells[0]!, cells[1]!, cells[0]!, cells[1]!], tip, value);
  for (let k = 3; k < cells.length; k += 2) {
    drawSegment(mask, grid, [cells[k - 3]!, cells[k - 2]!, cells[k - 1]!, cells[k]!], tip, value);
  }
}

export function runsOf(mask: Uint8Array): number[] {
  const runs: number[] = [];
  let value = 0;
  let begun = 0;
  for (let k = 0; k <= mask.length; k++) {
    if (k < mask.length && mask[k] === value) continue;
    runs.push(k - begun);
    begun = k;
    value = 1 - value;
  }
  return runs;
}
