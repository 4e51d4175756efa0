import { describe, expect, it } from "vitest";

import { Playback } from "../../src/admin/replay/playback";

describe("playback", () => {
  it("runs at true speed, or at a multiple of it", () => {
    const playback = new Playback(10_000);
    playback.toggle();
    playback.advance(500);
    expect(playback.at).toBe(500);
    playback.speed = 4;
    playback.advance(500);
    expect(playback.at).toBe(2500);
  });

  it("stands still while it is paused", () => {
    const playback = new Playback(1000);
    playback.advance(100);
    expect(playback.at).toBe(0);
  });

  it("stops at the end and starts again from the beginning", () => {
    const playback = new Playback(1000);
    playback.toggle();
    playback.advance(5000);
    expect([playback.at, playback.playing]).toEqual([1000, false]);
    playback.toggle();
    expect([playback.at, playback.playing]).toEqual([0, true]);
  });

  it("jumps within its length only", () => {
    const playback = new Playback(1000);
    playback.seek(-5);
    expect(playback.at).toBe(0);
    playback.seek(5000);
    expect(playback.at).toBe(1000);
  });

  it("leaps over pauses when told to", () => {
    const playback = new Playback(20_000, [[1000, 15_000]]);
    playback.toggle();
    playback.seek(1400);
    playback.advance(50);
    expect(playback.at).toBe(1450);
    playback.skipping = true;
    playback.advance(100);
    expect(playback.at).toBe(15_000);
  });
});
