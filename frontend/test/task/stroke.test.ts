import { expect, test } from "vitest";

import { counting } from "../../src/fold/paint";
import { cellOf, depth, extend, radiusOf } from "../../src/task/stroke";

const box = { left: 10, top: 20, width: 320, height: 160 };

test("client px become whole sixteenths of a cell, kept within the grid", () => {
  expect(cellOf(box, [128, 64], 10, 20)).toEqual([0, 0]);
  expect(cellOf(box, [128, 64], 170, 100)).toEqual([1024, 512]);
  expect(cellOf(box, [128, 64], 5000, -5000)).toEqual([2048, 0]);
  expect(cellOf(box, [128, 64], 10.13, 20)).toEqual([1, 0]);
});

test("points that are as good as the last one are left out", () => {
  const cells: number[] = [];
  expect(extend(cells, [100, 100])).toBe(true);
  expect(extend(cells, [102, 101])).toBe(false);
  expect(extend(cells, [104, 100])).toBe(true);
  expect(cells).toEqual([100, 100, 104, 100]);
});

test("a brush's radius is exact in sixteenths and never beyond what a log allows", () => {
  expect(radiusOf(0.06, [128, 96])).toBe(3.8125);
  expect(radiusOf(0.001, [128, 96])).toBe(0.5);
  expect(radiusOf(0.9, [256, 256])).toBe(64);
});

test("undo and redo can go as far as the fold would", () => {
  const stroke = { k: "stroke", tool: "brush", radius: 1, cells: [0, 0], by: "mouse" } as const;
  const [undo, redo, clear] = (["undo", "redo", "clear"] as const).map((k) => ({ k, by: "mouse" }) as const);
  const logs = [[], [undo], [stroke, stroke, undo, redo!, undo], [stroke, undo, clear, redo!], [stroke, undo, stroke, undo, undo]];
  for (const acts of logs) expect(depth(acts as never[]).undo).toBe(counting(acts as never[]).length);
  expect(depth([stroke, stroke, undo!, undo!, redo!])).toEqual({ undo: 1, redo: 1 });
  expect(depth([stroke, undo!, stroke])).toEqual({ undo: 1, redo: 0 });
});
