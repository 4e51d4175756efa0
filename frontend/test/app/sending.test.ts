// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Refused, Unreachable } from "../../src/app/api";
import { persist } from "../../src/app/sending";

const good = { complete: true, late: false, feedback: "", passed: true };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Fails so many times, then succeeds. */
function flaky(failures: number): { send: () => Promise<typeof good>; tries: () => number } {
  let n = 0;
  const send = (): Promise<typeof good> => (n++ < failures ? Promise.reject(new Unreachable("away")) : Promise.resolve(good));
  return { send, tries: () => n };
}

test("it is sent until it gets through", async () => {
  const { send, tries } = flaky(3);
  let waits = 0;
  const sending = persist(send, () => waits++);
  await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000);
  expect(await sending.done).toEqual(good);
  expect([tries(), waits]).toEqual([4, 3]);
});

test("a person, or the network's return, can hurry it", async () => {
  const { send, tries } = flaky(2);
  const sending = persist(send, () => {});
  await vi.advanceTimersByTimeAsync(1);
  sending.hurry();
  await vi.advanceTimersByTimeAsync(1);
  dispatchEvent(new Event("online"));
  expect(await sending.done).toEqual(good);
  expect(tries()).toBe(3);
});

test("a no is a no", async () => {
  const sending = persist(() => Promise.reject(new Refused(403, "not yours", "")), () => {});
  await expect(sending.done).rejects.toBeInstanceOf(Refused);
});
