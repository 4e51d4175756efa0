import { expect, it } from "vitest";

import { LONGEST, Reader, unzigzag, write, zigzag } from "../../src/record/varint";

const SIZES = [0, 1, 63, 64, 127, 128, 300, 2 ** 31 - 1, 2 ** 31, 2 ** 40 + 1, 1e10];

it("zigzag gives small numbers to small distances from 0", () => {
  expect([0, -1, 1, -2, 2].map(zigzag)).toEqual([0, 1, 2, 3, 4]);
});

it("numbers of both signs come back, also beyond 32 bits", () => {
  for (const size of SIZES) for (const d of [size, -size]) expect(unzigzag(zigzag(d)) + 0).toBe(d + 0);
});

it("numbers come back from bytes one after the other", () => {
  const bytes = new Uint8Array(SIZES.length * LONGEST);
  const end = SIZES.reduce((at, size) => write(bytes, at, size), 0);
  const reader = new Reader(bytes.subarray(0, end));
  expect(SIZES.map(() => reader.next())).toEqual(SIZES);
  expect(reader.done).toBe(true);
});

it("300 is written as LEB128 has it", () => {
  const bytes = new Uint8Array(LONGEST);
  expect([...bytes.subarray(0, write(bytes, 0, 300))]).toEqual([0xac, 0x02]);
});

it("a number that is cut off, or too long, is refused", () => {
  expect(() => new Reader(Uint8Array.of(0x80)).next()).toThrow("ends within a number");
  expect(() => new Reader(new Uint8Array(20).fill(0x80)).next()).toThrow("more than 8 bytes");
});
