/** Our own icons of classes: two letters of the name on a coloured tile, a colour for each panel. */

import type { ClassPanel } from "../record/records.gen";
import { element, property } from "./dom";

/** What a class looks like. */
export interface Sign {
  name: string;
  shown: string;
  letters: string;
  /** Of the panel's colour, degrees. */
  hue: number;
}

/** Signs of all classes, in order; the letters differ within a panel as far as the names allow. */
export function signs(panels: readonly ClassPanel[]): Map<string, Sign> {
  const found = new Map<string, Sign>();
  panels.forEach((panel, place) => {
    const taken = new Set<string>();
    for (const { name, shown } of panel.classes) {
      const letters = candidates(shown).find((two) => !taken.has(two)) ?? candidates(shown)[0] ?? "?";
      taken.add(letters);
      found.set(name, { name, shown, letters, hue: Math.round((360 * place) / panels.length + 25) % 360 });
    }
  });
  return found;
}

/** "traffic light" -> TL, Tr, Ta ...; "dog" -> Do, Dg. */
function candidates(name: string): string[] {
  const words = name.split(/[\s_/-]+/).filter(Boolean).map((word) => [...word]);
  const [first = [], second = []] = words;
  const initials = first[0] && second[0] ? [first[0].toUpperCase() + second[0].toUpperCase()] : [];
  const pairs = first.slice(1).map((letter) => first[0]!.toUpperCase() + letter.toLowerCase());
  return [...initials, ...pairs, ...(first[0] ? [first[0].toUpperCase()] : [])];
}

/** The tile with the letters, drawn by the style sheet: they are a picture, and the name must stand beside it or in a label. */
export function drawn({ letters, hue }: Sign): HTMLElement {
  const tile = element("span", { class: "sign", "aria-hidden": "true", "data-letters": letters });
  property(tile, "hue", hue);
  return tile;
}
