/** Cases that both languages must agree on: `tests/collect/golden`, written by hand and by Python. */

import { readFileSync } from "node:fs";

export function golden<T>(name: string): T[] {
  return JSON.parse(readFileSync(`${import.meta.dirname}/../../tests/collect/golden/${name}.json`, "utf8")) as T[];
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
