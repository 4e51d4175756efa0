/** Pointer samples -> the four columns of a chunk, byte by byte as they come; no object is made for a sample. */

import { LONGEST, Reader, unzigzag, write, zigzag } from "./varint";

/** Pointer samples, a column each. Times in ms, places in client px. */
export interface Samples {
  t: Float64Array;
  x: Float64Array;
  y: Float64Array;
  /** 0 mouse, 1 touch, 2 pen. */
  modality: Uint8Array;
  /** 1 while a button or the tip is down. */
  pressed: Uint8Array;
}

/** Steps of a ms, and of a px, that are told apart. */
const STEPS_MS = 10;
const STEPS_PX = 8;

/** `v` in whole steps: to the nearest, halves up. */
function whole(v: number, steps: number): number {
  return Math.floor(steps * v + 0.5);
}

/** What a motion of even speed leaves of a column: second differences, mostly 0 or 1. */
class Differences {
  bytes = new Uint8Array(2048);
  length = 0;
  private last = 0;
  private step = 0;

  push(v: number): void {
    if (this.length + LONGEST > this.bytes.length) this.bytes = grown(this.bytes);
    const step = v - this.last;
    this.length = write(this.bytes, this.length, zigzag(step - this.step));
    this.last = v;
    this.step = step;
  }

  clear(): void {
    this.length = this.last = this.step = 0;
  }
}

/** Run lengths: (state, how often in a row). */
class Runs {
  private bytes = new Uint8Array(256);
  private length = 0;
  private state = 0;
  private run = 0;

  push(state: number): void {
    if (state !== this.state) {
      this.length = this.closed();
      this.run = 0;
    }
    this.state = state;
    this.run++;
  }

  /** Bytes so far, the run under way included. */
  get size(): number {
    return this.length + 4;
  }

  /** All runs, as if the one under way ended here. */
  soFar(): Uint8Array {
    return this.bytes.subarray(0, this.closed());
  }

  clear(): void {
    this.length = this.run = 0;
  }

  /** Writes the run under way down; returns where it ends. */
  private closed(): number {
    if (this.run === 0) return this.length;
    if (this.length + 2 * LONGEST > this.bytes.length) this.bytes = grown(this.bytes);
    return write(this.bytes, write(this.bytes, this.length, this.state), this.run);
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}

/** Takes samples and gives the bytes of their columns; used again for every chunk. */
export class ColumnWriter {
  n = 0;
  private readonly t = new Differences();
  private readonly x = new Differences();
  private readonly y = new Differences();
  private readonly state = new Runs();

  /** `modality` 0 mouse, 1 touch, 2 pen; `pressed` 0 or 1. */
  push(t: number, x: number, y: number, modality: number, pressed: number): void {
    this.t.push(whole(t, STEPS_MS));
    this.x.push(whole(x, STEPS_PX));
    this.y.push(whole(y, STEPS_PX));
    this.state.push(4 * pressed + modality);
    this.n++;
  }

  /** Bytes written so far. */
  get size(): number {
    return this.t.length + this.x.length + this.y.length + this.state.size;
  }

  /** The columns; good until the next `push` or `clear`. */
  columns(): Uint8Array[] {
    const differences = [this.t, this.x, this.y].map((column) => column.bytes.subarray(0, column.length));
    return [...differences, this.state.soFar()];
  }

  clear(): void {
    for (const column of [this.t, this.x, this.y, this.state]) column.clear();
    this.n = 0;
  }
}

/** The samples of a chunk's four columns. Throws an `Error` if they do not hold exactly `n`. */
export function readColumns(n: number, columns: readonly Uint8Array[]): Samples {
  const [t, x, y, state] = columns as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return { t: undo(n, t, STEPS_MS), x: undo(n, x, STEPS_PX), y: undo(n, y, STEPS_PX), ...states(n, state) };
}

function undo(n: number, bytes: Uint8Array, steps: number): Float64Array {
  const reader = new Reader(bytes);
  const values = new Float64Array(n);
  let value = 0;
  let step = 0;
  for (let k = 0; k < n; k++) {
    step += unzigzag(reader.next());
    value += step;
    values[k] = value / steps;
  }
  if (!reader.done) throw new Error(`a column holds more than the ${n} samples that the head names`);
  return values;
}

function states(n: number, bytes: Uint8Array): Pick<Samples, "modality" | "pressed"> {
  const reader = new Reader(bytes);
  const [modality, pressed] = [new Uint8Array(n), new Uint8Array(n)];
  let filled = 0;
  while (!reader.done) {
    const [state, run] = [reader.next(), reader.next()];
    if (state > 6 || state % 4 > 2 || run < 1 || filled + run > n) throw new Error(`a run of ${run} samples in state ${state}`);
    modality.fill(state % 4, filled, filled + run);
    pressed.fill(state < 4 ? 0 : 1, filled, filled + run);
    filled += run;
  }
  if (filled !== n) throw new Error(`states of ${filled} samples where the head names ${n}`);
  return { modality, pressed };
}
