import { expect, test } from "vitest";

import { cellRatio, columnsOf, gridMove } from "../../src/task/grid";

test.each([
  ["ArrowRight", 4, 5],
  ["ArrowLeft", 4, 3],
  ["ArrowDown", 4, 7],
  ["ArrowUp", 4, 1],
  ["Home", 4, 0],
  ["End", 4, 10],
  ["ArrowUp", 1, 1],
  ["ArrowDown", 9, 9],
  ["ArrowLeft", 0, 0],
])("%s leads from %i to %i in a grid of 11 with 3 columns", (key, at, to) => {
  expect(gridMove(key, at, 11, 3)).toBe(to);
});

test("other keys are none of the grid's", () => {
  expect(gridMove("Tab", 4, 11, 3)).toBeNull();
  expect(gridMove("toString", 4, 11, 3)).toBeNull();
});

test("columns are counted from what shares the first row", () => {
  const at = (offsetTop: number): HTMLElement => ({ offsetTop }) as HTMLElement;
  expect(columnsOf([at(8), at(8), at(8), at(100), at(100)])).toBe(3);
  expect(columnsOf([at(8), at(8)])).toBe(2);
  expect(columnsOf([])).toBe(1);
});

test("cells have the shape of most pictures, within bounds", () => {
  const wide = { width: 400, height: 300 };
  expect(cellRatio([wide, wide, { width: 100, height: 900 }])).toBeCloseTo(4 / 3);
  expect(cellRatio([{ width: 900, height: 100 }])).toBe(1.5);
  expect(cellRatio([])).toBe(1);
});
