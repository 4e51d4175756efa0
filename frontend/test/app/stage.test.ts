import { expect, test } from "vitest";

import { Refused, Unreachable } from "../../src/app/api";
import { faultOf, passes, pause } from "../../src/app/stage";

test("without an answer one waits; with a no one does not", () => {
  const away = new Unreachable("no answer");
  expect(faultOf(away, false)).toEqual({ kind: "offline" });
  expect(faultOf(away, true)).toEqual({ kind: "gone" });
  expect(passes(faultOf(away, true))).toBe(true);
  expect(faultOf(new Refused(401, "", ""), true)).toEqual({ kind: "ended" });
  const no = faultOf(new Refused(403, "Not yours.", "Go back."), true);
  expect(no).toEqual({ kind: "problem", problem: "Not yours.", remedy: "Go back." });
  expect(passes(no)).toBe(false);
});

test("what nobody foresaw is shown and not tried again", () => {
  expect(faultOf(new TypeError("x is undefined"), true)).toEqual({ kind: "problem", problem: "x is undefined", remedy: "" });
});

test("pauses grow, but not for ever", () => {
  expect([0, 1, 2, 3, 4, 50].map(pause)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
});
