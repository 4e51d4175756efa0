/** Chunks that a test writes by hand: points are (t, x, y, pressed). */

import type { Chunk } from "../../src/record/chunk";
import type { Entry } from "../../src/record/records.gen";

export function chunk(seq: number, segment: number, epoch: number, points: [number, number, number, number?][], entries: Entry[] = []): Chunk {
  const now = Math.max(0, ...points.map(([t]) => t), ...entries.map((entry) => entry.t));
  return {
    page: "p",
    tab: "a",
    seq,
    segment,
    anchor: [now, epoch + now],
    coalesced: true,
    entries,
    samples: {
      t: Float64Array.from(points, ([t]) => t),
      x: Float64Array.from(points, ([, x]) => x),
      y: Float64Array.from(points, ([, , y]) => y),
      modality: Uint8Array.from(points, () => 0),
      pressed: Uint8Array.from(points, ([, , , pressed]) => pressed ?? 0),
    },
  };
}
