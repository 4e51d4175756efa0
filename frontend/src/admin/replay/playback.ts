/** Time of a replay: runs at a speed, pauses, jumps, and may skip pauses. Pure: the clock comes from outside. */

export const SPEEDS = [0.5, 1, 2, 4] as const;

export class Playback {
  at = 0;
  playing = false;
  speed = 1;
  skipping = false;

  /** @param length of the time line, ms. @param pauses stretches that `skipping` leaps over. */
  constructor(
    readonly length: number,
    private readonly pauses: readonly [number, number][] = [],
  ) {}

  /** Goes on by `elapsed` real ms; stops at the end. */
  advance(elapsed: number): void {
    if (!this.playing) return;
    this.at += elapsed * this.speed;
    if (this.skipping) this.at = this.pauses.find(([from, to]) => from + 500 < this.at && this.at < to - 250)?.[1] ?? this.at;
    if (this.at >= this.length) {
      this.at = this.length;
      this.playing = false;
    }
  }

  /** Plays, from the start again when it is at its end; or pauses. */
  toggle(): void {
    if (!this.playing && this.at >= this.length) this.at = 0;
    this.playing = !this.playing;
  }

  seek(at: number): void {
    this.at = Math.min(this.length, Math.max(0, at));
  }
}
