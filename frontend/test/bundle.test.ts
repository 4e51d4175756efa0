/** The built files: `python hatch_build.py` (or `make test`) makes them. */

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const STATIC = `${import.meta.dirname}/../../src/sidelight/collect/static`;
const files = readdirSync(`${STATIC}/assets`);
const recorder = files.find((name) => /^recorder-.*\.js$/.test(name))!;

function read(name: string): string {
  return readFileSync(`${STATIC}/assets/${name}`, "utf8");
}

/** A script and all that it imports at once. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of read(name).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) withImports(other!, found);
  return found;
}

it("the recorder is at most 15 kB gzipped, all that it imports included", () => {
  const size = [...withImports(recorder)].reduce((sum, name) => sum + gzipSync(read(name)).length, 0);
  console.info(`recorder: ${size} bytes gzipped`);
  expect(size).toBeLessThanOrEqual(15_000);
});

it("the recorder needs no framework", () => {
  const code = [...withImports(recorder)].map(read).join("\n");
  expect(code).not.toMatch(/__H|_component|jsxDEV|diffed|createElementNS/);
});

it("no page loads the recorder by itself: it comes after consent", () => {
  const page = readFileSync(`${STATIC}/index.html`, "utf8");
  expect(page).not.toContain("recorder-");
  const [, entry] = /src="\.\/assets\/(index-[^"]+\.js)"/.exec(page)!;
  expect([...withImports(entry!)]).not.toContain(recorder);
});
