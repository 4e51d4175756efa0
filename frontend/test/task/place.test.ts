import { expect, test } from "vitest";

import { clientOf, contained, placeIn } from "../../src/task/place";

const frame = { left: 100, top: 50, width: 400, height: 400 };

test("a wide picture has bars above and below, a tall one at the sides (F14)", () => {
  expect(contained(frame, 800, 400)).toEqual({ left: 100, top: 150, width: 400, height: 200 });
  expect(contained(frame, 100, 200)).toEqual({ left: 200, top: 50, width: 200, height: 400 });
});

test("places run from 0 to 1 and back to the same pixel", () => {
  const box = contained(frame, 800, 400);
  expect(placeIn(box, 100, 150)).toEqual([0, 0]);
  expect(placeIn(box, 500, 350)).toEqual([1, 1]);
  const [x, y] = clientOf(box, placeIn(box, 233, 301)!);
  expect(x).toBeCloseTo(233, 2);
  expect(y).toBeCloseTo(301, 2);
});

test("outside there is no place, but within the grace the nearest one", () => {
  const box = contained(frame, 800, 400);
  expect(placeIn(box, 95, 200)).toBeNull();
  expect(placeIn(box, 95, 200, 12)).toEqual([0, 0.25]);
  expect(placeIn(box, 80, 200, 12)).toBeNull();
});

test("a picture without size has no places", () => {
  expect(placeIn({ left: 0, top: 0, width: 0, height: 0 }, 0, 0, 5)).toBeNull();
});
