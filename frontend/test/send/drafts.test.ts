// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";

import { lettersOf } from "../../src/record/letters";
import { drop, forget, laid, lay } from "../../src/send/drafts";

beforeEach(() => localStorage.clear());

const place = { session: "s", tab: "1-2-3", seq: 4, at: 1000 };
const every = Uint8Array.from({ length: 20_000 }, (_, k) => k % 256);

it("every byte comes back, of the draft that was laid down last", () => {
  lay(place, "earlier");
  lay(place, lettersOf(every));
  expect(laid("s")).toEqual([{ ...place, bytes: every }]);
  expect(laid("another")).toEqual([]);
});

it("drafts are told apart by session, tab and number, and dropped one by one", () => {
  for (const seq of [5, 4]) lay({ ...place, seq }, "x");
  lay({ ...place, tab: "other" }, "y");
  drop({ ...place, seq: 5 });
  expect(laid("s").map(({ tab, seq }) => [tab, seq]).sort()).toEqual([["1-2-3", 4], ["other", 4]]);
});

it("old ones are thrown away, whoever's they are", () => {
  lay(place, "x");
  lay({ ...place, session: "s2", at: 3000 }, "x");
  forget(2000);
  expect([...laid("s"), ...laid("s2")].map(({ session }) => session)).toEqual(["s2"]);
});

it("a storage that is full or closed costs nothing but the draft", () => {
  vi.stubGlobal("localStorage", new Proxy({}, { get: () => () => { throw new DOMException("full", "QuotaExceededError"); } }));
  lay(place, "x");
  drop(place);
  forget(2000);
  expect(laid("s")).toEqual([]);
  vi.unstubAllGlobals();
});
