// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { LayoutWatch } from "../../src/observe/layout";
import type { Layout } from "../../src/record/records.gen";
import { column, type FakePage, Listed, placed, scrolled, scrolledUntold } from "./page";

let page: FakePage;
let sink: Listed;
let layout: LayoutWatch;

beforeEach(() => {
  vi.useFakeTimers();
  page = column(8);
  sink = new Listed();
  layout = new LayoutWatch(sink, page.root, page.images, page.pictures, () => {});
  layout.watch();
  layout.begin(0);
});

afterEach(() => {
  sink.stop();
  vi.useRealTimers();
});

function layouts(): Layout[] {
  return sink.notes as unknown as Layout[];
}

it("the first entry names every picture", () => {
  expect(Object.keys(layouts()[0]!.images)).toHaveLength(8);
  expect(layouts()[0]!.images["p2"]).toEqual([0, 240, 100, 100]);
});

it("a scrolled document takes its pictures along without naming them", () => {
  scrolled(50);
  layout.settle();
  expect(layouts()[1]).toMatchObject({ scroll: [0, 50], images: {} });
  expect(layout.boxes.get("p2")).toEqual([0, 190, 100, 100]);
});

it("steps of scrolling that nobody asks about become one", () => {
  for (let top = 1; top < 20; top++) scrolled(top);
  vi.advanceTimersByTime(1000);
  expect(layouts()).toHaveLength(2);
  expect(layouts()[1]).toMatchObject({ scroll: [0, 19] });
});

it("a picture that does not scroll with the others is named, at the latest when all is at rest", () => {
  placed(page.images.get("p5")!, [300, 40, 100, 100]).getBoundingClientRect = () => ({ left: 300, top: 40, width: 100, height: 100 }) as DOMRect;
  layout.restyled(1);
  layout.settle();
  scrolled(30);
  layout.settle();
  vi.advanceTimersByTime(1000);
  expect(layouts().map(({ images }) => Object.keys(images)).slice(1)).toEqual([["p5"], [], ["p5"]]);
  expect(layout.boxes.get("p5")).toEqual([300, 40, 100, 100]);
});

describe("now and then", () => {
  beforeEach(() => {
    Object.defineProperty(document.documentElement, "clientHeight", { value: 400, configurable: true });
    layout.verify(0);
    vi.advanceTimersByTime(1000);
    sink.notes.length = 0;
  });

  it("a picture in view is found to have moved, and then all are measured", () => {
    for (const k of [2, 7]) placed(page.images.get(`p${k}`)!, [9, 120 * k, 100, 100]);
    layout.verify(1);
    expect(layouts().map(({ images }) => Object.keys(images))).toEqual([["p2", "p7"]]);
  });

  it("only those in view are looked after, and nothing is written if they are where they were", () => {
    const looked = [...page.images.values()].map((image) => vi.spyOn(image, "getBoundingClientRect"));
    layout.verify(1);
    expect(looked.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(layouts()).toEqual([]);
  });
});

it("a press looks after a picture, however short ago that was done", () => {
  vi.advanceTimersByTime(1000);
  layout.look(2000, false);
  placed(page.images.get("p0")!, [9, 0, 100, 100]);
  expect(layout.look(2001, false)).toBe(true);
  expect(layout.look(2002, true)).toBe(false);
  layout.settle();
  expect(layouts().at(-1)!.images).toEqual({ p0: [9, 0, 100, 100] });
});

it("what moves one picture names that one", () => {
  placed(page.images.get("p1")!, [7, 120, 100, 100]);
  layout.restyled(5);
  layout.settle();
  expect(layouts()[1]!.images).toEqual({ p1: [7, 120, 100, 100] });
});

describe("a pointer event finds what nobody told of", () => {
  it("a scroll of this very frame, which is told only after the pointer", () => {
    scrolledUntold(60);
    layout.look(5, false);
    layout.settle();
    expect(layouts()[1]).toMatchObject({ scroll: [0, 60], images: {}, at: 5 });
    expect(layout.boxes.get("p2")).toEqual([0, 180, 100, 100]);
  });

  it("F7: something above that has loaded late and pushes the pictures down", () => {
    for (let k = 0; k < 8; k++) placed(page.images.get(`p${k}`)!, [0, 120 * k + 33, 100, 100]);
    layout.look(5, false);
    layout.settle();
    expect(Object.keys(layouts()[1]!.images)).toHaveLength(8);
    expect(layout.boxes.get("p7")).toEqual([0, 873, 100, 100]);
  });

  it("after another change, too", () => {
    layout.look(100, false);
    scrolled(40);
    layout.settle();
    layout.look(200, false);
    scrolledUntold(45);
    layout.look(210, false);
    layout.settle();
    expect(layouts().map(({ scroll }) => scroll[1])).toEqual([0, 40, 45]);
  });

  it("and looks after one picture only, and seldom while nothing hints at a change", () => {
    vi.advanceTimersByTime(1000);
    const looked = [...page.images.values()].map((image) => vi.spyOn(image, "getBoundingClientRect"));
    const look = (): number[] => {
      looked.forEach((one) => one.mockClear());
      for (let k = 0; k < 60; k++) {
        vi.advanceTimersByTime(5);
        layout.look(performance.now(), false);
      }
      return looked.map(({ mock }) => mock.calls.length);
    };
    expect(look()).toEqual([3, 0, 0, 0, 0, 0, 0, 0]);
    window.dispatchEvent(new Event("wheel"));
    expect(look()).toEqual([60, 0, 0, 0, 0, 0, 0, 0]);
    expect(layouts()).toHaveLength(1);
  });
});

it("nothing is written when nothing has changed", () => {
  window.dispatchEvent(new Event("resize"));
  vi.advanceTimersByTime(1000);
  layout.verify(9);
  expect(layouts()).toHaveLength(1);
});

it("after some rest no timer is left", () => {
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});

it("another device pixel ratio is an epoch", () => {
  Object.defineProperty(window, "devicePixelRatio", { value: 2, configurable: true });
  window.dispatchEvent(new Event("resize"));
  layout.settle();
  expect(layouts()[1]).toMatchObject({ dpr: 2, images: {} });
});
