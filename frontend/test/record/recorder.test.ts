// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Chunk, decode } from "../../src/record/chunk";
import { ColumnWriter } from "../../src/record/columns";
import { FULL } from "../../src/record/draft";
import { bytesOf } from "../../src/record/letters";
import { Recorder } from "../../src/record/recorder";
import type { Entry, Health, PageSpec } from "../../src/record/records.gen";
import { column, FakeObserver, type FakePage, point, scrolled } from "../observe/page";

let page: FakePage;
let chunks: Chunk[];
let sizes: number[];
let drafts: Chunk[];
/** What else happens while a draft is laid down. */
let laying = (): void => {};
let recorder: Recorder;

function begin(firstSeq = 0): void {
  page = column(3);
  chunks = [];
  sizes = [];
  drafts = [];
  const spec = { id: "page", segment: 2, pictures: page.pictures } as unknown as PageSpec;
  const emit = (bytes: Uint8Array): void => {
    chunks.push(decode(bytes));
    sizes.push(bytes.length);
  };
  const draft = (letters: string): void => {
    drafts.push(decode(bytesOf(letters)));
    laying();
  };
  recorder = new Recorder({ root: page.root, page: spec, images: page.images, tab: "tab", firstSeq, emit, draft });
  recorder.start();
}

function entries(): Entry[] {
  return chunks.flatMap((chunk) => chunk.entries);
}

function kinds(): string[] {
  return entries().map((entry) => entry.k);
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(1000);
  begin();
});

afterEach(() => {
  recorder.stop();
  Object.defineProperty(document, "hidden", { value: false, configurable: true });
  vi.useRealTimers();
});

describe("a segment", () => {
  it("begins with what was there: shown, layout, focus", () => {
    recorder.flush();
    expect(kinds().slice(0, 3)).toEqual(["shown", "layout", "focus"]);
    expect(entries()[0]).toEqual({ k: "shown", t: 0, i: 0 });
    expect(chunks[0]).toMatchObject({ page: "page", tab: "tab", seq: 0, segment: 2 });
  });

  it("counts time from its showing", () => {
    vi.advanceTimersByTime(250);
    expect(recorder.now()).toBe(250);
    point("pointermove", { x: 1, y: 1, t: performance.now() });
    recorder.flush();
    expect([...chunks[0]!.samples.t]).toEqual([250]);
    expect(chunks[0]!.anchor).toEqual([250, Date.now()]);
  });

  it("ends when the page returns from the back/forward cache: the next one has a clock of its own", () => {
    vi.advanceTimersByTime(500);
    window.dispatchEvent(new Event("pagehide"));
    vi.advanceTimersByTime(60_000);
    const back = new Event("pageshow");
    Object.defineProperty(back, "persisted", { value: true });
    Object.defineProperty(back, "timeStamp", { value: performance.now() });
    window.dispatchEvent(back);
    point("pointermove", { x: 1, y: 1, t: performance.now() + 5 });
    recorder.flush();
    expect(chunks.map(({ segment, seq }) => [segment, seq])).toEqual([[2, 0], [3, 1]]);
    expect(chunks[1]!.entries[0]).toMatchObject({ k: "shown", t: 0 });
    expect(Object.keys(chunks[1]!.entries[1]!)).toContain("images");
    expect([...chunks[1]!.samples.t]).toEqual([5]);
  });
});

describe("a chunk is cut", () => {
  it("two seconds after its first entry, and not while nothing happens", () => {
    vi.advanceTimersByTime(1999);
    expect(chunks).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(chunks).toHaveLength(1);
    vi.advanceTimersByTime(60_000);
    expect(chunks).toHaveLength(1);
  });

  it("when it is full, and nothing is lost over the cut", () => {
    const n = 9000;
    for (let k = 0; k < n; k++) point("pointermove", { x: (k * 7919) % 900, y: (k * 104_729) % 700, t: performance.now() + k });
    recorder.flush();
    expect(chunks.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(FULL + 64);
    expect(chunks.flatMap((chunk) => [...chunk.samples.t])).toEqual(Array.from({ length: n }, (_, k) => k));
  });

  it("when the page is hidden, with the recorder's health", () => {
    hide(true);
    expect(kinds().slice(-2)).toEqual(["visibility", "health"]);
    hide(false);
    recorder.flush();
    expect(entries().at(-1)).toMatchObject({ k: "visibility", visible: true });
  });

  it("when the page goes, before listeners of the page itself hear of it", () => {
    let before = -1;
    addEventListener("pagehide", () => (before = chunks.length), { once: true });
    window.dispatchEvent(new Event("pagehide"));
    expect(before).toBe(1);
  });
});

describe("a draft is laid down", () => {
  const move = (x: number): void => point("pointermove", { x, y: 1, t: performance.now() });
  const path = (chunk: Chunk | undefined): number[] => [...(chunk?.samples.x ?? [])];

  beforeEach(() => {
    recorder.flush();
    drafts = [];
  });

  it("a moment after the first sample that is in none, with all there is", () => {
    move(1);
    vi.advanceTimersByTime(20);
    expect(drafts).toHaveLength(0);
    move(2);
    vi.advanceTimersByTime(20);
    expect(drafts.map(path)).toEqual([[1, 2]]);
    move(3);
    vi.advanceTimersByTime(40);
    expect(drafts.map(path)).toEqual([[1, 2], [1, 2, 3]]);
    expect(drafts[1]).toMatchObject({ page: "page", tab: "tab", seq: 1, segment: 2 });
  });

  it("and not while nothing happens, nor of what has been cut", () => {
    move(1);
    recorder.flush();
    vi.advanceTimersByTime(60_000);
    expect(drafts).toHaveLength(0);
  });

  it("at once after what the person did", () => {
    recorder.log({ k: "select", image: "p1", by: "mouse", at: [0.5, 0.5] });
    vi.advanceTimersByTime(1);
    expect(drafts.at(-1)!.entries).toMatchObject([{ k: "select", image: "p1" }]);
  });

  it("under the number of its chunk, of which it is the beginning", () => {
    for (let x = 0; x < 50; x++) {
      move(x);
      if (x % 9 === 0) recorder.log({ k: "decide", label: "猫", by: "mouse" });
      vi.advanceTimersByTime(16);
    }
    recorder.flush();
    const { seq, samples, entries: all } = chunks.at(-1)!;
    expect(drafts.length).toBeGreaterThan(15);
    for (const draft of drafts) {
      expect(draft.seq).toBe(seq);
      expect(path(draft)).toEqual([...samples.x].slice(0, draft.samples.t.length));
      expect(draft.entries).toEqual(all.slice(0, draft.entries.length));
    }
  });

  it("less often where it takes longer: every quarter of a second if it takes a ms", () => {
    laying = () => vi.advanceTimersByTime(1);
    for (let k = 0; k < 1000; k++) {
      move(k);
      vi.advanceTimersByTime(10);
    }
    laying = () => {};
    expect(drafts.length).toBeGreaterThan(10);
    expect(drafts.length).toBeLessThanOrEqual(10_000 / 250 + 25);
  });
});

describe("an act", () => {
  it("has the time of the input that it answers, and comes after its sample", () => {
    const button = document.createElement("button");
    page.root.append(button);
    button.addEventListener("pointerdown", () => recorder.log({ k: "select", image: "p1", by: "mouse", at: [0.5, 0.5] }));
    const t = performance.now() + 40;
    vi.stubGlobal("event", { timeStamp: t });
    point("pointerdown", { x: 5, y: 300, t, target: button, buttons: 1 });
    vi.stubGlobal("event", undefined);
    recorder.flush();
    expect(entries().slice(-2)).toEqual([
      { k: "pointer", action: "down", by: "mouse", t: 40, i: 1 },
      { k: "select", image: "p1", by: "mouse", at: [0.5, 0.5], t: 40, i: 1 },
    ]);
  });

  it("too large for the rest of a chunk goes into the next one", () => {
    const cells = Array.from({ length: 2000 }, () => 1000);
    for (let k = 0; k < 3; k++) recorder.log({ k: "stroke", tool: "brush", radius: 2, cells, by: "mouse" });
    recorder.flush();
    expect(kinds().filter((kind) => kind === "stroke")).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(FULL);
    expect(chunks.every(({ entries, samples }) => entries.every(({ i }) => i <= samples.t.length))).toBe(true);
  });
});

describe("samples and entries", () => {
  it("keep their own order: a late sample keeps its time", () => {
    vi.advanceTimersByTime(300);
    recorder.log({ k: "panel", panel: 1 });
    point("pointermove", { x: 2, y: 2, t: performance.now(), coalesced: [[performance.now() - 200, 1, 1], [performance.now(), 2, 2]] });
    recorder.flush();
    expect([...chunks[0]!.samples.t]).toEqual([100, 300]);
    expect(entries().find(({ k }) => k === "panel")).toMatchObject({ t: 300, i: 0 });
  });

  it("a scroll is written down before the next sample that depends on it", () => {
    point("pointermove", { x: 1, y: 1, t: performance.now() + 1 });
    scrolled(40);
    point("pointermove", { x: 2, y: 2, t: performance.now() + 2 });
    recorder.flush();
    expect(entries().filter(({ k }) => k === "layout").map(({ i }) => i)).toEqual([0, 1]);
  });

  it("F5: a wall clock that is put back, and a page that hears late, change no time", () => {
    point("pointermove", { x: 1, y: 1, t: performance.now() + 5 });
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(400);
    point("pointermove", { x: 2, y: 2, t: performance.now() - 300 });
    recorder.flush();
    expect([...chunks[0]!.samples.t]).toEqual([5, 100]);
    expect(chunks[0]!.anchor).toEqual([400, Date.now()]);
  });

  it("F6: however fast they come, all are kept, the last before a rest and before a click, too", () => {
    const start = performance.now();
    for (let k = 0; k < 40; k++) point("pointermove", { x: k, y: 2 * k, t: start + k / 2 });
    vi.advanceTimersByTime(1000);
    for (let k = 0; k < 3; k++) point("pointermove", { x: 100 + k, y: k, t: start + 1000 + k });
    point("pointerdown", { x: 102, y: 2, t: start + 1002, buttons: 1 });
    recorder.flush();
    const { x } = chunks.at(-1)!.samples;
    expect([...x]).toEqual([...Array.from({ length: 40 }, (_, k) => k), 100, 101, 102, 102]);
  });

  it("places that are none are counted, not kept", () => {
    point("pointermove", { x: 2e6, y: 0, t: performance.now() });
    point("pointermove", { x: 10, y: 10, t: performance.now() });
    recorder.stop();
    expect(chunks[0]!.samples.t).toHaveLength(1);
    expect(entries().at(-1)).toMatchObject({ k: "health", samples: 2, dropped: 1 });
  });
});

describe("F12: a sample costs the same whatever came before it", () => {
  /** How often this was done for n samples: bytes or lists copied, JSON written, a picture measured, a chunk cut. */
  function operations(n: number): number[] {
    recorder.stop();
    begin();
    recorder.flush();
    const watched = [
      vi.spyOn(Uint8Array.prototype, "set"),
      vi.spyOn(Array.prototype, "concat"),
      vi.spyOn(Array.prototype, "slice"),
      vi.spyOn(JSON, "stringify"),
      ...[...page.images.values()].map((image) => vi.spyOn(image, "getBoundingClientRect")),
    ];
    const before = chunks.length;
    const event = new PointerEvent("pointermove", { clientX: 500, clientY: 7, bubbles: true });
    for (let k = 0; k < n; k++) {
      Object.defineProperty(event, "timeStamp", { value: performance.now() + k, configurable: true });
      window.dispatchEvent(event);
    }
    const counts = watched.map(({ mock }) => mock.calls.length);
    watched.forEach((one) => one.mockRestore());
    return [...counts, chunks.length - before];
  }

  it("four times as many are four times the work, at most", () => {
    const [few, many] = [operations(4000), operations(16_000)];
    // Some more: a chunk that is cut just after the last of them, or just before.
    many.forEach((count, k) => expect(count).toBeLessThanOrEqual(4 * few[k]! + 50));
  });

  it("and the memory that samples wait in does not grow", () => {
    const push = vi.spyOn(ColumnWriter.prototype, "push");
    operations(16_000);
    const writers = [...new Set(push.mock.contexts as ColumnWriter[])];
    push.mockRestore();
    expect(writers).toHaveLength(1);
    expect(writers[0]!.size).toBeLessThan(FULL);
  });
});

describe("surroundings", () => {
  it("a picture that loads or fails is named", () => {
    page.images.get("p0")!.dispatchEvent(new Event("load"));
    page.images.get("p2")!.dispatchEvent(new Event("error"));
    recorder.flush();
    expect(entries().filter(({ k }) => k === "image")).toMatchObject([{ image: "p0", state: "loaded" }, { image: "p2", state: "failed" }]);
  });

  it("a picture is seen once half of it is in view, until it is not", () => {
    const tell = (ratio: number): void =>
      FakeObserver.made.at(-1)!.tell([{ target: page.images.get("p1"), intersectionRatio: ratio, isIntersecting: ratio > 0, time: performance.now() }]);
    [0, 0.5, 0.9, 0.4].forEach(tell);
    recorder.flush();
    expect(entries().filter(({ k }) => k === "on_screen")).toMatchObject([{ image: "p1", seen: true }, { image: "p1", seen: false }]);
  });

  it("the window's focus is told, not that of its elements", () => {
    window.dispatchEvent(new Event("blur"));
    const input = document.createElement("input");
    page.root.append(input);
    input.dispatchEvent(new Event("focus"));
    window.dispatchEvent(new Event("focus"));
    recorder.flush();
    expect(entries().filter(({ k }) => k === "focus").slice(1)).toMatchObject([{ focused: false }, { focused: true }]);
  });
});

describe("the end", () => {
  it("gives the number of the last chunk, and nothing is recorded any more", () => {
    point("pointermove", { x: 1, y: 1, t: performance.now() });
    expect(recorder.stop()).toBe(0);
    point("pointermove", { x: 2, y: 2, t: performance.now() });
    recorder.log({ k: "panel", panel: 1 });
    recorder.relayout();
    vi.advanceTimersByTime(60_000);
    expect(chunks).toHaveLength(1);
    expect(recorder.stop()).toBe(0);
  });

  it("a tab that goes on counting begins where it was", () => {
    recorder.stop();
    begin(7);
    recorder.flush();
    expect(chunks[0]!.seq).toBe(7);
    expect(recorder.stop()).toBe(7);
  });

  it("health tells the smallest step between two time stamps, and the time in handlers", () => {
    for (const t of [5, 13.2, 13.4, 30]) point("pointermove", { x: 1, y: 1, t: performance.now() + t });
    recorder.stop();
    const health = entries().at(-1) as Health;
    expect(health.granularity_ms).toBeCloseTo(0.2, 3);
    expect(health.samples).toBe(4);
    expect(health.handler_ms).toBeGreaterThanOrEqual(0);
  });
});
