import { expect, it } from "vitest";

import { covers, drawSegment, type Segment } from "../../src/fold/capsule";
import { chance } from "../chance";

const GRID = [40, 30] as const;

function plainly(segment: Segment, R: number): Uint8Array {
  const mask = new Uint8Array(GRID[0] * GRID[1]);
  for (let k = 0; k < mask.length; k++) {
    if (covers(segment, R, 16 * (k % GRID[0]) + 8, 16 * Math.floor(k / GRID[0]) + 8)) mask[k] = 1;
  }
  return mask;
}

it("rows filled from end to end are the cells that the exact test names", () => {
  const next = chance(5);
  const below = (n: number): number => Math.floor(n * next());
  for (let k = 0; k < 3000; k++) {
    const [ax, ay] = [below(641), below(481)];
    const near = k % 3 > 0;
    const segment: Segment = [ax, ay, near ? ax + below(30) - 15 : below(641), near && k % 3 === 1 ? ay : below(481)];
    const R = below(k % 2 ? 30 : 300);
    const mask = new Uint8Array(GRID[0] * GRID[1]);
    drawSegment(mask, GRID, segment, R, 1);
    expect(mask, `${segment} ${R}`).toEqual(plainly(segment, R));
  }
});

it("a tip of half a cell stamps the cell that it stands on", () => {
  const mask = new Uint8Array(9);
  drawSegment(mask, [3, 3], [24, 24, 24, 24], 8, 1);
  expect([...mask]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
});
