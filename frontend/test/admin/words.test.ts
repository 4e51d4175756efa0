import { describe, expect, it } from "vitest";

import { describe as say } from "../../src/admin/replay/describe";
import { link, parse } from "../../src/admin/route";
import { clock, duration, money, percent } from "../../src/admin/words";

describe("numbers as people read them", () => {
  it("durations", () => {
    expect([0, 59_000, 90_000, 3_600_000, 5_400_000].map(duration)).toEqual(["0 s", "59 s", "2 min", "1 h 0 min", "1 h 30 min"]);
  });

  it("the clock of a replay", () => {
    expect([0, 999, 61_234].map(clock)).toEqual(["0:00.0", "0:00.9", "1:01.2"]);
  });

  it("shares and amounts, or a dash", () => {
    expect([percent(0.834), percent(null), money(12.5, "EUR"), money(null, "EUR")]).toEqual(["83.4 %", "–", "EUR 12.50", "–"]);
  });
});

describe("the address", () => {
  it("goes both ways, whatever stands in it", () => {
    expect(parse(link("pages", "a/b?c#d", { session: "x y&z" }))).toEqual({ screen: "pages", id: "a/b?c#d", query: { session: "x y&z" } });
  });

  it("leaves out what is empty and begins with the overview", () => {
    expect(link("pages", "", { state: "" })).toBe("#/pages");
    expect(parse("")).toEqual({ screen: "overview", id: "", query: {} });
  });
});

describe("the list of events", () => {
  const names = { picture: (id: string) => `picture ${id}`, shown: (label: string) => label.toUpperCase() };

  it("says what was done, and with what when it was not a mouse", () => {
    expect(say({ k: "select", t: 0, i: 0, image: "1", by: "keyboard" }, names)).toBe("selected picture 1 (keyboard)");
    expect(say({ k: "add", t: 0, i: 0, label: "dog", by: "mouse", at: [0, 0] }, names)).toBe("put DOG");
  });

  it("leaves out what the drawing shows anyway", () => {
    expect(say({ k: "hover", t: 0, i: 0, image: "1", inside: true }, names)).toBeNull();
  });
});
