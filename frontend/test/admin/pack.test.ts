import { describe, expect, it } from "vitest";

import { unpack } from "../../src/admin/replay/pack";

describe("a packed replay", () => {
  it("comes apart into the very bytes", () => {
    const packed = Uint8Array.from([2, 0, 0, 0, 7, 8, 0, 0, 0, 0, 1, 0, 0, 0, 9]);
    expect(unpack(packed).map((part) => [...part])).toEqual([[7, 8], [], [9]]);
    expect(unpack(new Uint8Array())).toEqual([]);
  });

  it("says so when it is cut off", () => {
    expect(() => unpack(Uint8Array.from([5, 0, 0, 0, 1]))).toThrow("cut off");
  });
});
