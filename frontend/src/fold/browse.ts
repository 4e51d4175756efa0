/** Browse: which pictures are selected in the end, and where each was clicked. */

import type { BrowseAnswer, Place } from "../record/records.gen";
import type { Act } from "./act";

/** The same rules as `src/sidelight/collect/fold/browse.py`. */
export function fold(acts: readonly Act[]): BrowseAnswer {
  const selected = new Map<string, Place | null>();
  for (const act of acts) {
    if (act.k === "select") selected.set(act.image, act.at ?? null);
    if (act.k === "deselect") selected.delete(act.image);
  }
  return { task: "browse", selected: Object.fromEntries(selected) };
}
