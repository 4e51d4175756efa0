import { expect, it } from "vitest";

import { Budget } from "../../src/send/budget";
import { Nap, pauseAfter } from "../../src/send/pause";

it("pauses double up to a quarter of a minute, and vary by half", () => {
  expect([1, 2, 3, 9].map((tries) => pauseAfter(tries, () => 1))).toEqual([500, 1000, 2000, 15_000]);
  expect(pauseAfter(2, () => 0)).toBe(500);
});

it("a nap ends early when it is woken, and waking nobody does nothing", async () => {
  const nap = new Nap();
  nap.wake();
  const begun = Date.now();
  const slept = nap.sleep(10_000);
  nap.wake();
  await slept;
  expect(Date.now() - begun).toBeLessThan(1000);
});

it("the room for last requests is shared, and comes back", () => {
  const budget = new Budget();
  expect([30_000, 30_000, 30_000].map((size) => budget.take(size))).toEqual([true, true, false]);
  budget.give(30_000);
  expect(budget.take(30_000)).toBe(true);
});
