import { expect, test } from "vitest";

import { de } from "../../src/ui/de";
import { en } from "../../src/ui/en";
import { say, speak } from "../../src/ui/words";

const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test("every language has the same texts with the same places to fill in", () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) expect(places(de[key as keyof typeof en]), key).toEqual(places(text));
});

test("no text is empty, and nothing was left untranslated by accident", () => {
  const same = Object.entries(en).filter(([key, text]) => de[key as keyof typeof en] === text);
  expect(Object.values(de).every((text) => text.length > 0)).toBe(true);
  expect(same).toEqual([]);
});

test("the first language that is known is spoken, else English", () => {
  expect(speak(["fr", "de-AT", "en"])).toBe("de");
  expect(say("progress", { number: 3, of: 10 })).toBe("Seite 3 von 10");
  expect(speak(["fr", "constructor"])).toBe("en");
  expect(say("progress", { number: 3, of: 10 })).toBe("Page 3 of 10");
});

test("a value that is not given stays visible as a gap", () => {
  expect(say("tag.remove")).toBe("Remove {name}");
});
