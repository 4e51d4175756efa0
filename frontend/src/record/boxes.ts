/** Where every picture was after a layout entry, though entries leave out what only moved with the document. */

import type { Layout } from "./records.gen";

/** left, top, width, height in client px. */
export type Box = readonly [number, number, number, number];

/**
 * The box of every picture from this layout on.
 *
 * `boxes` are those before it, `last` the layout entry before it in the same segment (null for the first one, which names
 * every picture). The same as `boxes_after` in `src/sidelight/collect/wire/boxes.py`.
 */
export function boxesAfter(boxes: Readonly<Record<string, Box>>, last: Layout | null, layout: Layout): Record<string, Box> {
  if (last === null) return { ...layout.images };
  const [dx, dy] = [layout.scroll[0] - last.scroll[0], layout.scroll[1] - last.scroll[1]];
  const moved = Object.entries(boxes).map(([id, [left, top, width, height]]) => [id, [left - dx, top - dy, width, height] as Box]);
  return { ...Object.fromEntries(moved), ...layout.images };
}
