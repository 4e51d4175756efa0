import { describe, expect, it } from "vitest";

import { type Chunk, decode, encode } from "../../src/record/chunk";
import type { Entry } from "../../src/record/records.gen";
import { chance } from "../chance";

const ENTRIES: Entry[] = [
  { k: "shown", t: 0, i: 0 },
  { k: "select", t: 12.5, i: 2, image: "ü€😀", by: "mouse", at: [0.25, 0.5] },
];

function walk(n: number, seed: number): Chunk {
  const next = chance(seed);
  const samples = {
    t: new Float64Array(n),
    x: new Float64Array(n),
    y: new Float64Array(n),
    modality: new Uint8Array(n),
    pressed: new Uint8Array(n),
  };
  let [t, x, y] = [10, 500, 400];
  let [vx, vy] = [0, 0];
  for (let k = 0; k < n; k++) {
    [vx, vy] = [0.95 * vx + next() - 0.5, 0.95 * vy + next() - 0.5];
    [t, x, y] = [t + 16 + Math.floor(10 * next()) / 10, x + vx, y + vy];
    samples.t[k] = Math.round(10 * t) / 10;
    samples.x[k] = Math.round(8 * x) / 8;
    samples.y[k] = Math.round(8 * y) / 8;
    samples.pressed[k] = k % 50 > 40 ? 1 : 0;
  }
  return { page: "p", tab: "tab", seq: 3, segment: 1, anchor: [99.5, 1_700_000_000_000], coalesced: true, entries: ENTRIES, samples };
}

describe("a chunk", () => {
  it("comes back from its bytes", () => {
    const chunk = walk(500, 7);
    expect(decode(encode(chunk))).toEqual(chunk);
  });

  it("takes at most 4 bytes a sample", () => {
    const [few, many] = [encode(walk(0, 7)), encode(walk(2000, 7))];
    expect((many.length - few.length) / 2000).toBeLessThanOrEqual(4);
  });

  it("rounds to the nearest step, halves up", () => {
    const chunk = walk(1, 1);
    chunk.samples.t[0] = 3.25;
    chunk.samples.x[0] = -0.0625;
    chunk.samples.y[0] = 0.0625;
    const { t, x, y } = decode(encode(chunk)).samples;
    expect([t[0], x[0]! + 0, y[0]]).toEqual([3.3, 0, 0.125]);
  });

  it("holds times and places to the limits", () => {
    const chunk = walk(3, 1);
    chunk.samples.t.set([0, 1e9, 1e9]);
    chunk.samples.x.set([-1e6, 1e6, -1e6]);
    expect(decode(encode(chunk)).samples).toEqual(chunk.samples);
  });

  it("that is broken is refused, whatever byte is missing", () => {
    const bytes = encode(walk(20, 3));
    for (let length = 0; length < bytes.length; length++) expect(() => decode(bytes.subarray(0, length))).toThrow();
    expect(() => decode(Uint8Array.from([...bytes, 0]))).toThrow("columns of");
  });
});
