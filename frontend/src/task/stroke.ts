/** Paint: client px -> a stroke on the mask's grid, in whole 1/16 of a cell. */

import type { Box } from "./place";

export type Grid = readonly [number, number];

/** Parts of a cell. */
export const PARTS = 16;
/** Points nearer than this to the last one add nothing that can be seen: a quarter of a cell. */
const NEAR = 4;
/** A stroke with so many points is ended, and the next one begins where it ended: no entry outgrows its chunk. */
export const MOST_POINTS = 1500;

/** A place in client px on the grid, in 1/16 of a cell; outside the picture its edge. */
export function cellOf(box: Box, [width, height]: Grid, x: number, y: number): [number, number] {
  return [part(x - box.left, box.width, width), part(y - box.top, box.height, height)];
}

function part(offset: number, size: number, cells: number): number {
  const whole = PARTS * cells;
  return Math.min(whole, Math.max(0, Math.round((whole * offset) / size)));
}

/** Adds a point to a stroke's flat list, unless it is as good as the last one. @returns whether it was added. */
export function extend(cells: number[], [x, y]: readonly [number, number]): boolean {
  const [lastX, lastY] = cells.slice(-2);
  if (lastX !== undefined && lastY !== undefined && Math.hypot(x - lastX, y - lastY) < NEAR) return false;
  cells.push(x, y);
  return true;
}

/** Radius in cells, exact in 1/16, of a brush whose diameter is a share of the grid's longer side. */
export function radiusOf(share: number, [width, height]: Grid): number {
  const radius = Math.round((PARTS * share * Math.max(width, height)) / 2) / PARTS;
  return Math.min(64, Math.max(0.5, radius));
}

/** How many steps can be undone and redone after these acts, by the rules of the fold. */
export function depth(acts: readonly { k: string }[]): { undo: number; redo: number } {
  let [undo, redo] = [0, 0];
  for (const { k } of acts) {
    if (k === "stroke" || k === "clear") [undo, redo] = [undo + 1, 0];
    if (k === "undo" && undo) [undo, redo] = [undo - 1, redo + 1];
    if (k === "redo" && redo) [undo, redo] = [undo + 1, redo - 1];
  }
  return { undo, redo };
}
