import { describe, expect, it } from "vitest";

import { LONGEST_GAP_MS, pauses, timeline, upTo } from "../../src/admin/replay/timeline";
import { chunk } from "./by_hand";

describe("a time line", () => {
  it("joins the chunks of a showing in order, whatever order they come in", () => {
    const second = chunk(1, 0, 5000, [[20, 2, 2]]);
    const first = chunk(0, 0, 5000, [[0, 0, 0], [10, 1, 1]], [{ k: "shown", t: 0, i: 0 }]);
    const line = timeline([second, first]);
    expect([...line.t]).toEqual([0, 10, 20]);
    expect([...line.x]).toEqual([0, 1, 2]);
    expect(line.moments.map(({ at, entry }) => [at, entry.k])).toEqual([[0, "shown"]]);
    expect(line.length).toBe(20);
  });

  it("puts a second showing where the wall clock says, after a short break", () => {
    const line = timeline([chunk(0, 0, 1000, [[100, 0, 0]]), chunk(1, 1, 1000 + 100 + 700, [[50, 0, 0]])]);
    expect(line.segments.map(({ start, end, gap }) => [start, end, gap])).toEqual([[0, 100, 0], [800, 850, 700]]);
    expect([...line.t]).toEqual([100, 850]);
  });

  it("shortens a long break and remembers how long it was", () => {
    const day = 86_400_000;
    const line = timeline([chunk(0, 0, 0, [[100, 0, 0]]), chunk(1, 1, day, [[50, 0, 0]])]);
    expect(line.segments[1]).toMatchObject({ start: 100 + LONGEST_GAP_MS, gap: day - 100 });
  });

  it("never lets a second showing begin before the first ended, though the wall clock was set back", () => {
    const line = timeline([chunk(0, 0, 10_000, [[100, 0, 0]]), chunk(1, 1, 0, [[50, 0, 0]])]);
    expect(line.segments[1]).toMatchObject({ start: 100, end: 150, gap: 0 });
  });

  it("is empty without chunks", () => {
    expect(timeline([])).toMatchObject({ length: 0, segments: [], moments: [] });
  });

  it("finds the stretches without anything", () => {
    const line = timeline([chunk(0, 0, 0, [[0, 0, 0], [100, 0, 0], [5000, 0, 0]], [{ k: "focus", t: 2000, i: 2, focused: false }])]);
    expect(pauses(line, 1500)).toEqual([[100, 2000], [2000, 5000]]);
    expect(pauses(line, 3000)).toEqual([]);
  });
});

describe("upTo", () => {
  it("counts what is not later", () => {
    const times = [1, 2, 2, 5];
    expect([0, 1, 2, 4, 5, 9].map((value) => upTo(times, value))).toEqual([0, 1, 3, 3, 4, 4]);
    expect(upTo([], 1)).toBe(0);
  });
});
