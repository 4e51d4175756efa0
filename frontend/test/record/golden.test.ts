import { describe, expect, it } from "vitest";

import { type Chunk, decode, encode } from "../../src/record/chunk";
import { bytesOf, golden } from "../golden";

interface Decoded extends Omit<Chunk, "samples"> {
  samples: Record<keyof Chunk["samples"], number[]>;
}

/** A chunk with plain lists instead of typed arrays. */
function plain(chunk: Chunk): Decoded {
  const { t, x, y, modality, pressed } = chunk.samples;
  return { ...chunk, samples: { t: [...t], x: [...x], y: [...y], modality: [...modality], pressed: [...pressed] } };
}

describe("golden chunks", () => {
  it.each(golden<{ name: string; hex: string; decoded: Decoded }>("chunks"))("$name", ({ hex, decoded }) => {
    const bytes = bytesOf(hex);
    const chunk = decode(bytes);
    expect(plain(chunk)).toEqual(decoded);
    expect(plain(decode(encode(chunk)))).toEqual(decoded);
    expect(columns(encode(chunk))).toEqual(columns(bytes));
  });
});

describe("golden broken chunks are refused", () => {
  it.each(golden<{ name: string; hex: string }>("broken"))("$name", ({ hex }) => {
    expect(() => decode(bytesOf(hex))).toThrow();
  });
});

/** All after the head, whose JSON may be written in several ways. */
function columns(bytes: Uint8Array): number[] {
  return [...bytes.subarray(8 + new DataView(bytes.buffer).getUint32(4, true))];
}
