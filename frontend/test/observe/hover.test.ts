// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";

import { Hover } from "../../src/observe/hover";
import { PointerWatch } from "../../src/observe/pointer";
import type { Box } from "../../src/record/boxes";
import { column, type FakePage, Listed, point } from "./page";

let page: FakePage;
let sink: Listed;
let calm: boolean;
let hover: Hover;
let boxes: Map<string, Box>;

beforeEach(() => {
  sink?.stop();
  calm = false;
  page = column(2);
  sink = new Listed();
  boxes = new Map<string, Box>([["a", [0, 0, 100, 100]], ["b", [0, 120, 100, 100]]]);
  hover = new Hover(sink, page.root, () => boxes);
  const pointer = new PointerWatch(sink, hover, () => calm);
  sink.catchUp = () => pointer.catchUp();
  pointer.watch();
});

function hovers(): string[] {
  return sink.notes.flatMap((note) => (note.k === "hover" ? [`${note.inside ? "in" : "out"} ${note.image} ${note.at}`] : []));
}

it("a pointer comes over a picture and leaves it, each at its time", () => {
  const target = page.root;
  point("pointermove", { x: 50, y: 50, t: 1, target });
  point("pointermove", { x: 60, y: 99.9, t: 2, target });
  point("pointermove", { x: 50, y: 110, t: 3, target });
  point("pointermove", { x: 50, y: 130, t: 4, target });
  expect(hovers()).toEqual(["in a 1", "out a 3", "in b 4"]);
});

it("a picture that was crossed while the page was busy is there, too", () => {
  point("pointermove", { x: 50, y: 300, t: 9, target: page.root, coalesced: [[1, 50, 10], [2, 50, 110], [3, 50, 130], [9, 50, 300]] });
  expect(hovers()).toEqual(["in a 1", "out a 2", "in b 3", "out b 9"]);
});

it("what lies above the task covers its pictures", () => {
  point("pointermove", { x: 50, y: 50, t: 1, target: document.body });
  const dialog = document.createElement("dialog");
  page.root.append(dialog);
  point("pointermove", { x: 50, y: 50, t: 2, target: dialog });
  expect(hovers()).toEqual([]);
});

it("a picture scrolled under a resting pointer is hovered", () => {
  point("pointermove", { x: 50, y: 110, t: 1, target: page.root });
  boxes.set("b", [0, 60, 100, 100]);
  document.elementFromPoint = () => page.root;
  hover.moved(7);
  expect(hovers()).toEqual(["in b 7"]);
});

it("a finger that is lifted hovers nothing, nor does a pointer outside the window", () => {
  point("pointerdown", { x: 50, y: 50, t: 1, target: page.root, type: "touch", buttons: 1 });
  point("pointerup", { x: 50, y: 50, t: 2, target: page.root, type: "touch" });
  point("pointerout", { x: 50, y: 50, t: 3, target: page.root, type: "touch" });
  hover.moved(4);
  expect(hovers()).toEqual(["in a 1", "out a 3"]);
});

it("a movement that waited hovered what the pointer hit then", () => {
  calm = true;
  const dialog = document.createElement("dialog");
  page.root.append(dialog);
  point("pointermove", { x: 50, y: 50, t: 1, target: page.root });
  point("pointermove", { x: 50, y: 50, t: 2, target: dialog });
  sink.catchUp();
  expect(hovers()).toEqual(["in a 1", "out a 2"]);
});
