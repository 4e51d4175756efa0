import { expect, it } from "vitest";

import { bytesOf, lettersOf } from "../../src/record/letters";

it("every byte is a letter, and comes back", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, k) => (k * 7) % 256);
  expect(lettersOf(bytes)).toHaveLength(20_000);
  expect(bytesOf(lettersOf(bytes))).toEqual(bytes);
});
