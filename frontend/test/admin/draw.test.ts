import { describe, expect, it } from "vitest";

import { draw, fitted, type Stage } from "../../src/admin/replay/draw";
import { scene } from "../../src/admin/replay/scene";
import { timeline } from "../../src/admin/replay/timeline";
import type { Entry } from "../../src/record/records.gen";
import { chunk } from "./by_hand";

type Call = [string, ...unknown[]];

/** A pen that writes down what it is asked to draw. */
function pen(calls: Call[]): CanvasRenderingContext2D {
  const known: Record<string, unknown> = { measureText: () => ({ width: 10 }) };
  return new Proxy(known, {
    get: (target, name: string) => target[name] ?? ((...args: unknown[]) => void calls.push([name, ...args])),
    set: (target, name: string, value) => ((target[name] = value), true),
  }) as unknown as CanvasRenderingContext2D;
}

const picture = { complete: true, naturalWidth: 8 } as HTMLImageElement;
const colours = { ground: "g", line: "l", text: "t", pointer: "p", selected: "s", paint: "c", muted: "m" };
const stage: Stage = { images: new Map([["a", picture]]), shown: (label) => label, grid: [0, 0], colours };
const layout: Entry = { k: "layout", t: 0, i: 0, view: [800, 600], scroll: [0, 0], zoom: 1, dpr: 1, images: { a: [10, 20, 100, 50], b: [200, 20, 100, 50] } };

function drawn(entries: Entry[], at: number, points: [number, number, number][] = []): Call[] {
  const calls: Call[] = [];
  const line = timeline([chunk(0, 0, 0, points, [layout, ...entries])]);
  const canvas = { width: 400, height: 300, getContext: () => pen(calls) } as unknown as HTMLCanvasElement;
  draw(canvas, line, scene(line, at), stage);
  return calls;
}

const of = (calls: Call[], name: string): unknown[][] => calls.filter(([what]) => what === name).map(([, ...args]) => args);

describe("the drawing", () => {
  it("fits the viewport into the canvas, centred", () => {
    expect(fitted({ width: 400, height: 400 }, [800, 600])).toEqual({ scale: 0.5, left: 0, top: 50 });
  });

  it("puts pictures where they were, and crosses out those that it does not have", () => {
    const calls = drawn([], 0);
    expect(of(calls, "drawImage")).toEqual([[picture, 10, 20, 100, 50]]);
    expect(of(calls, "strokeRect")).toEqual([[200, 20, 100, 50]]);
    expect(of(calls, "setTransform").at(-1)).toEqual([0.5, 0, 0, 0.5, 0, 0]);
  });

  it("marks a selection at its place, and one without a place only by its frame", () => {
    const at = drawn([{ k: "select", t: 5, i: 0, image: "a", by: "mouse", at: [0.5, 0.5] }], 5);
    expect(of(at, "arc").map(([x, y]) => [x, y])).toEqual([[60, 45]]);
    const without = drawn([{ k: "select", t: 5, i: 0, image: "a", by: "keyboard" }], 5);
    expect(of(without, "arc")).toEqual([]);
    expect(of(without, "strokeRect")).toContainEqual([10, 20, 100, 50]);
  });

  it("draws the pointer where it was last, and a trail to it", () => {
    const calls = drawn([], 30, [[10, 100, 100], [20, 110, 120], [40, 500, 500]]);
    expect(of(calls, "moveTo").at(-1)).toEqual([100, 100]);
    expect(of(calls, "lineTo").at(-1)).toEqual([110, 120]);
    expect(of(calls, "arc").map(([x, y]) => [x, y])).toEqual([[110, 120]]);
  });

  it("names icons where they lie", () => {
    const calls = drawn([{ k: "add", t: 5, i: 0, label: "dog", by: "mouse", at: [1, 0] }, { k: "add", t: 6, i: 0, label: "cat", by: "keyboard" }], 9);
    expect(of(calls, "arc").map(([x, y]) => [x, y])).toEqual([[110, 20]]);
    expect(of(calls, "fillText").map(([text]) => text)).toEqual(["dog", "cat (no place)"]);
  });

  it("says when the page was hidden", () => {
    expect(of(drawn([{ k: "visibility", t: 5, i: 0, visible: false }], 9), "fillText")[0]?.[0]).toBe("page hidden");
  });
});
