import { expect, it } from "vitest";

import { Order } from "../../src/record/order";

it("times count from the showing, in tenths of a ms", () => {
  expect(new Order(100).of(117.26)).toBe(17.3);
});

it("times never run back, nor before the showing", () => {
  const order = new Order(100);
  expect([90, 105, 104, 106].map((stamp) => order.of(stamp))).toEqual([0, 5, 5, 6]);
});
