/** Tag: which classes' icons lie on the picture in the end, where, and which panels were seen. */

import type { Place, TagAnswer } from "../record/records.gen";
import type { Act } from "./act";

/** The same rules as `src/sidelight/collect/fold/tag.py`. */
export function fold(acts: readonly Act[]): TagAnswer {
  const icons = new Map<string, Place | null>();
  const panels = new Set<number>();
  for (const act of acts) {
    if (act.k === "add") icons.set(act.label, act.at ?? null);
    if (act.k === "move" && icons.has(act.label)) icons.set(act.label, act.at);
    if (act.k === "remove") icons.delete(act.label);
    if (act.k === "panel") panels.add(act.panel);
  }
  return { task: "tag", icons: Object.fromEntries(icons), panels: [...panels].sort((a, b) => a - b) };
}
