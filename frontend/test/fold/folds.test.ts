import { describe, expect, it } from "vitest";

import type { Act } from "../../src/fold/act";
import { fold as browse } from "../../src/fold/browse";
import { drawStroke, fold as paint, runsOf } from "../../src/fold/paint";
import { fold as tag } from "../../src/fold/tag";

const by = "mouse";

describe("browse", () => {
  it("keeps the place of the last selection, and none of what was de-selected", () => {
    const acts: Act[] = [
      { k: "select", image: "a", by, at: [0.1, 0.2] },
      { k: "select", image: "b", by: "keyboard" },
      { k: "select", image: "c", by, at: [0.5, 0.5] },
      { k: "deselect", image: "a", by, at: [0.3, 0.3] },
      { k: "deselect", image: "c", by },
      { k: "select", image: "a", by, at: [0.4, 0.4] },
    ];
    expect(browse(acts)).toEqual({ task: "browse", selected: { a: [0.4, 0.4], b: null } });
  });

  it("takes any id, also one that objects have by themselves", () => {
    const answer = browse([{ k: "select", image: "__proto__", by: "keyboard" }]);
    expect(JSON.stringify(answer.selected)).toBe('{"__proto__":null}');
  });
});

describe("tag", () => {
  it("moves what is there, and ignores moves of what is not", () => {
    const acts: Act[] = [
      { k: "panel", panel: 3 },
      { k: "add", label: "cat", by, at: [0.1, 0.1] },
      { k: "add", label: "cat", by, at: [0.2, 0.2] },
      { k: "move", label: "dog", by, at: [0.3, 0.3] },
      { k: "add", label: "cup", by: "keyboard" },
      { k: "panel", panel: 0, by },
      { k: "panel", panel: 3, by },
      { k: "add", label: "bus", by, at: [0.9, 0.9] },
      { k: "move", label: "bus", by, at: [0.8, 0.8] },
      { k: "remove", label: "cat", by },
    ];
    expect(tag(acts)).toEqual({ task: "tag", icons: { cup: null, bus: [0.8, 0.8] }, panels: [0, 3] });
  });
});

describe("paint", () => {
  const stroke = (x: number, tool: "brush" | "eraser" = "brush"): Act => ({ k: "stroke", tool, radius: 0.5, cells: [16 * x + 8, 8], by });
  const answer = (...acts: Act[]): readonly number[] => paint(acts, [4, 1]).runs;

  it("undo and redo go through strokes and clearings alike", () => {
    expect(answer(stroke(0), stroke(2))).toEqual([0, 1, 1, 1, 1]);
    expect(answer(stroke(0), stroke(2), { k: "undo", by })).toEqual([0, 1, 3]);
    expect(answer(stroke(0), { k: "clear", by }, { k: "undo", by })).toEqual([0, 1, 3]);
    expect(answer(stroke(0), { k: "undo", by }, { k: "redo", by })).toEqual([0, 1, 3]);
    expect(answer(stroke(0), { k: "undo", by }, stroke(2), { k: "redo", by })).toEqual([2, 1, 1]);
    expect(answer({ k: "undo", by }, { k: "redo", by })).toEqual([4]);
  });

  it("the eraser takes away, and the last decision counts", () => {
    expect(answer(stroke(0), stroke(0, "eraser"))).toEqual([4]);
    expect(paint([{ k: "decide", label: "cat", by }, { k: "decide", label: "dog", by }], [2, 2]).label).toBe("dog");
  });

  it("runs begin with 0, and end with the mask", () => {
    expect(runsOf(Uint8Array.of(1, 1, 0))).toEqual([0, 2, 1]);
    expect(runsOf(Uint8Array.of(0, 0, 1))).toEqual([2, 1]);
  });

  it("a stroke of 1,500 points with a broad tip is drawn in some 20 ms", () => {
    const cells = Array.from({ length: 1500 }, (_, k) => [2048 + 1500 * Math.cos(k / 40), 2048 + 1500 * Math.sin(k / 31)].map(Math.round)).flat();
    const mask = new Uint8Array(256 * 256);
    const times = Array.from({ length: 9 }, () => {
      const begun = performance.now();
      drawStroke(mask, [256, 256], { tool: "brush", radius: 32, cells });
      return performance.now() - begun;
    });
    // Ten times what it takes: other work on the machine must not fail the test.
    expect(Math.min(...times)).toBeLessThan(200);
  });
});
