import { expect, test } from "vitest";

import { signs } from "../../src/task/letters";

const panel = (name: string, ...classes: string[]) => ({ name, classes: classes.map((one) => ({ name: one, shown: one })) });

test("letters are initials or the first two, and differ within a panel", () => {
  const found = signs([panel("outdoor", "traffic light", "bench", "bear", "beaver", "bed")]);
  expect([...found.values()].map(({ letters }) => letters)).toEqual(["TL", "Be", "Ba", "Bv", "Bd"]);
});

test("panels differ in colour, and classes of a panel share it", () => {
  const found = signs([panel("a", "cat", "dog"), panel("b", "cup"), panel("c", "car")]);
  const hues = [...found.values()].map(({ hue }) => hue);
  expect(hues[0]).toBe(hues[1]);
  expect(new Set(hues).size).toBe(3);
});

test("names of one letter, of none, and in other scripts have a sign, too", () => {
  const found = signs([panel("odd", "x", "", "狗", "Ångström", "𝒜𝒷")]);
  expect([...found.values()].map(({ letters }) => letters)).toEqual(["X", "?", "狗", "Ån", "𝒜𝒷"]);
});
