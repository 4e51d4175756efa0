/** The icon set's line icons in Preact, for decoration. */

import type { IconNode } from "lucide";
import { h, type JSX } from "preact";

export function Icon({ of }: { of: IconNode }): JSX.Element {
  const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
  const lines = of.map(([tag, attributes]) => h(tag, attributes as Record<string, unknown>));
  return h("svg", { class: "glyph", viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", ...stroke }, lines) as JSX.Element;
}
