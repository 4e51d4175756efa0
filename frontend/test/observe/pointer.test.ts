// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";

import { Hover } from "../../src/observe/hover";
import { watchPointer } from "../../src/observe/pointer";
import { Listed, point } from "./page";

let sink: Listed;

beforeEach(() => {
  sink?.stop();
  sink = new Listed();
  watchPointer(sink, new Hover(sink, document.body, () => new Map()), () => {});
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
