import { describe, expect, it } from "vitest";

import { RING_MS, scene, TRAIL_MS } from "../../src/admin/replay/scene";
import { timeline } from "../../src/admin/replay/timeline";
import type { Entry } from "../../src/record/records.gen";
import { chunk } from "./by_hand";

const layout = (t: number, left: number): Entry => ({
  k: "layout",
  t,
  i: 0,
  view: [800, 600],
  scroll: [0, 0],
  zoom: 1,
  dpr: 1,
  images: { a: [left, 0, 100, 100] },
});

function of(entries: Entry[], points: [number, number, number, number?][] = []) {
  return timeline([chunk(0, 0, 0, points, entries)]);
}

describe("a scene", () => {
  it("has the last layout before its moment", () => {
    const line = of([layout(0, 1), layout(100, 2)]);
    expect(scene(line, 99).layout?.images.a?.[0]).toBe(1);
    expect(scene(line, 100).layout?.images.a?.[0]).toBe(2);
  });

  it("moves with the document the pictures that a later layout leaves out", () => {
    const scrolled = { ...layout(100, 0), scroll: [0, 30], images: {} } as Entry;
    expect(scene(of([layout(0, 1), scrolled]), 100).layout?.images).toEqual({ a: [1, -30, 100, 100] });
  });

  it("selects and de-selects", () => {
    const line = of([
      { k: "select", t: 10, i: 0, image: "a", by: "mouse", at: [0.5, 0.25] },
      { k: "select", t: 20, i: 0, image: "b", by: "keyboard" },
      { k: "deselect", t: 30, i: 0, image: "a", by: "touch" },
    ]);
    expect([...scene(line, 9).selected]).toEqual([]);
    expect([...scene(line, 20).selected]).toEqual([["a", [0.5, 0.25]], ["b", null]]);
    expect([...scene(line, 30).selected]).toEqual([["b", null]]);
  });

  it("carries, puts, moves and removes icons", () => {
    const line = of([
      { k: "panel", t: 0, i: 0, panel: 0 },
      { k: "pick", t: 10, i: 0, label: "dog", by: "mouse" },
      { k: "add", t: 20, i: 0, label: "dog", by: "mouse", at: [0.1, 0.1] },
      { k: "move", t: 30, i: 0, label: "dog", by: "mouse", at: [0.2, 0.2] },
      { k: "move", t: 31, i: 0, label: "cat", by: "mouse", at: [0.3, 0.3] },
      { k: "remove", t: 40, i: 0, label: "dog", by: "mouse" },
    ]);
    expect(scene(line, 15)).toMatchObject({ carried: "dog", panel: 0 });
    expect([...scene(line, 35).icons]).toEqual([["dog", [0.2, 0.2]]]);
    expect(scene(line, 25).carried).toBe("");
    expect(scene(line, 40).icons.size).toBe(0);
  });

  it("keeps of the strokes what counts", () => {
    const stroke = (t: number, tool: "brush" | "eraser"): Entry => ({ k: "stroke", t, i: 0, tool, radius: 2, cells: [t, t], by: "pen" });
    const line = of([
      { k: "decide", t: 1, i: 0, label: "cat", by: "mouse" },
      stroke(10, "brush"),
      stroke(20, "eraser"),
      { k: "undo", t: 30, i: 0, by: "keyboard" },
      { k: "redo", t: 40, i: 0, by: "keyboard" },
      { k: "undo", t: 50, i: 0, by: "keyboard" },
      stroke(60, "brush"),
      { k: "redo", t: 70, i: 0, by: "keyboard" },
      { k: "clear", t: 80, i: 0, by: "mouse" },
    ]);
    const kinds = (at: number) => scene(line, at).painted.map((entry) => (entry.k === "stroke" ? entry.cells[0] : "clear"));
    expect([20, 30, 40, 50, 60, 70, 80].map(kinds)).toEqual([[10, 20], [10], [10, 20], [10], [10, 60], [10, 60], [10, 60, "clear"]]);
    expect(scene(line, 80).label).toBe("cat");
  });

  it("trails the pointer for a while, and rings where it pressed", () => {
    const line = of(
      [{ k: "pointer", t: 1000, i: 2, action: "down", by: "mouse" }],
      [[0, 1, 1], [1000, 5, 6, 1], [1000 + TRAIL_MS, 7, 7]],
    );
    expect(scene(line, 1000).trail).toEqual([0, 2]);
    expect(scene(line, 1000 + TRAIL_MS).trail).toEqual([2, 3]);
    expect(scene(line, 1000 + RING_MS / 2).rings).toEqual([{ x: 5, y: 6, age: 0.5 }]);
    expect(scene(line, 1000 + RING_MS).rings).toEqual([]);
  });

  it("knows when the person was away, and begins a new showing present, with what was selected", () => {
    const before = chunk(0, 0, 0, [[5, 1, 1]], [
      { k: "select", t: 1, i: 0, image: "a", by: "mouse", at: [0, 0] },
      { k: "visibility", t: 10, i: 0, visible: false },
    ]);
    const after = chunk(1, 1, 1000, [[5, 9, 9]], [{ k: "shown", t: 0, i: 0 }]);
    const line = timeline([before, after]);
    expect(scene(line, 20).visible).toBe(false);
    const later = scene(line, line.length);
    expect(later).toMatchObject({ visible: true, segment: 1, trail: [1, 2] });
    expect([...later.selected.keys()]).toEqual(["a"]);
  });
});
