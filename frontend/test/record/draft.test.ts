import { expect, it } from "vitest";

import { decode } from "../../src/record/chunk";
import { asText, Draft, FULL, LARGEST_ENTRY } from "../../src/record/draft";
import { bytesOf } from "../../src/record/letters";
import type { Stroke } from "../../src/record/records.gen";

const HEAD = { page: "p", tab: "t", seq: 0, segment: 0, anchor: [0, 0] as [number, number], coalesced: true };

function stroke(points: number): Stroke {
  return { k: "stroke", t: 1, i: 0, tool: "brush", radius: 4, cells: Array.from({ length: 2 * points }, (_, k) => k), by: "mouse" };
}

it("a draft tells when it is full, before the chunk is too large", () => {
  const draft = new Draft();
  let n = 0;
  while (!draft.full) draft.sample(17 * ++n, n * n, 1000 - n, 0, n % 2);
  const bytes = draft.cut(HEAD);
  expect(bytes.length).toBeGreaterThan(FULL - 1200);
  expect(bytes.length).toBeLessThanOrEqual(FULL + 40);
  expect(decode(bytes).samples.t).toHaveLength(n);
});

it("a draft begins anew after a cut", () => {
  const draft = new Draft();
  const write = (): Uint8Array => {
    draft.sample(5, 6, 7, 1, 1);
    draft.entry(asText({ k: "shown", t: 0, i: 0 }));
    return draft.cut(HEAD);
  };
  const first = write();
  expect(draft.empty).toBe(true);
  expect(write()).toEqual(first);
});

it("what is in it so far is the chunk that it would be, however often it is asked for", () => {
  const draft = new Draft();
  draft.entry(asText({ k: "decide", t: 1, i: 0, label: "猫 é 😀", by: "mouse" }));
  for (let n = 0; n < 300; n++) {
    draft.sample(n, n * n, 3, 0, Number(n > 150));
    if (n % 7 === 0) draft.soFar(HEAD);
  }
  const letters = draft.soFar(HEAD);
  const bytes = draft.cut(HEAD);
  expect(bytesOf(letters)).toEqual(bytes);
  expect(decode(bytes).entries).toMatchObject([{ label: "猫 é 😀" }]);
  expect([...decode(bytes).samples.pressed]).toEqual(Array.from({ length: 300 }, (_, n) => Number(n > 150)));
});

it("an entry that no chunk can hold is refused, with words on what to do", () => {
  expect(() => asText(stroke(LARGEST_ENTRY / 8))).toThrow("End a long stroke earlier");
});

it("an entry's size is counted in bytes, not in letters", () => {
  const draft = new Draft();
  const text = asText({ k: "add", t: 0, i: 0, label: "猫".repeat(2500), by: "mouse" });
  expect(draft.fits(text)).toBe(true);
  draft.entry(text);
  expect(draft.fits(text)).toBe(false);
});
