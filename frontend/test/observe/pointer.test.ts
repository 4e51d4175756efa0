// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import { Hover } from "../../src/observe/hover";
import { PointerWatch } from "../../src/observe/pointer";
import { Listed, point } from "./page";

let sink: Listed;
let calm: boolean;

beforeEach(() => {
  sink?.stop();
  sink = new Listed();
  calm = false;
  const pointer = new PointerWatch(sink, new Hover(sink, document.body, () => new Map()), () => calm);
  sink.catchUp = () => pointer.catchUp();
  pointer.watch();
});

it("every movement that an event puts together is a sample, with its own time", () => {
  point("pointermove", { x: 3, y: 3, t: 30, coalesced: [[10, 1, 1], [20, 2, 2.5], [30, 3, 3]] });
  expect(sink.samples).toEqual([[10, 1, 1, 0, 0], [20, 2, 2.5, 0, 0], [30, 3, 3, 0, 0]]);
});

it("a browser that puts nothing together loses nothing", () => {
  point("pointermove", { x: 3, y: 4, t: 30 });
  point("pointermove", { x: 5, y: 6, t: 40, coalesced: [] });
  expect(sink.samples.map(([t, x, y]) => [t, x, y])).toEqual([[30, 3, 4], [40, 5, 6]]);
});

it("a press is a sample and then an entry, and tells touch and pen apart", () => {
  point("pointerdown", { x: 1, y: 2, t: 5, type: "pen", buttons: 1 });
  point("pointerup", { x: 1, y: 2, t: 9, type: "pen" });
  point("pointercancel", { x: 0, y: 0, t: 11, type: "touch" });
  expect(sink.samples).toEqual([[5, 1, 2, 2, 1], [9, 1, 2, 2, 0]]);
  expect(sink.notes).toEqual([
    { k: "pointer", action: "down", by: "pen", at: 5 },
    { k: "pointer", action: "up", by: "pen", at: 9 },
    { k: "pointer", action: "cancel", by: "touch", at: 11 },
  ]);
});

it("what a page does with its events does not blind the recorder", () => {
  document.body.addEventListener("pointermove", (event) => event.stopImmediatePropagation(), { once: true, capture: true });
  point("pointermove", { x: 3, y: 4, t: 30 });
  expect(sink.samples).toHaveLength(1);
});

describe("while the page is at rest movements wait", () => {
  beforeEach(() => (calm = true));

  it("for a press, and keep their order", () => {
    for (const t of [10, 20]) point("pointermove", { x: t, y: 1, t });
    expect(sink.samples).toEqual([]);
    point("pointerdown", { x: 20, y: 1, t: 30, buttons: 1 });
    expect(sink.samples.map(([t]) => t)).toEqual([10, 20, 30]);
  });

  it("until the page moves", () => {
    point("pointermove", { x: 1, y: 1, t: 10 });
    calm = false;
    point("pointermove", { x: 2, y: 1, t: 20 });
    expect(sink.samples.map(([t]) => t)).toEqual([10, 20]);
  });

  it("but not many of them", () => {
    for (let t = 1; t <= 100; t++) point("pointermove", { x: 1, y: 1, t });
    expect(sink.samples.length).toBeGreaterThan(50);
    expect(sink.samples.map(([t]) => t)).toEqual(Array.from(sink.samples, (_, k) => k + 1));
  });
});
