// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { loadAhead } from "../../src/app/ahead";

let asked: string[];
let made: { src: string }[];
let status: number;

beforeEach(() => {
  [asked, made, status] = [[], [], 200];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response(JSON.stringify({ pictures: ["image/a", "image/b"] }), { status }));
  });
  vi.stubGlobal(
    "Image",
    class {
      src = "";
      constructor() {
        made.push(this);
      }
    },
  );
});
afterEach(() => void vi.unstubAllGlobals());

const image = (complete: boolean): HTMLImageElement => {
  const one = document.createElement("img");
  Object.defineProperty(one, "complete", { value: complete });
  return one;
};

test("what comes next is loaded only when what is shown has come, or has failed", async () => {
  const [there, coming, failing] = [image(true), image(false), image(false)];
  const done = loadAhead("t", [there, coming, failing]);
  await Promise.resolve();
  coming.dispatchEvent(new Event("load"));
  await Promise.resolve();
  expect(asked).toEqual([]);
  failing.dispatchEvent(new Event("error"));
  await done;
  expect(asked).toEqual(["api/ahead"]);
  expect(made.map(({ src }) => src)).toEqual(["image/a", "image/b"]);
});

test("a service that does not answer is not asked again: the pictures come with their page", async () => {
  status = 503;
  await loadAhead("t", []);
  expect([asked.length, made.length]).toEqual([1, 0]);
});
