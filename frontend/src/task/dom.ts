/** Building elements without a framework, and without inline styles or scripts that a strict CSP would refuse. */

import { createElement, type IconNode } from "lucide";

type Child = Node | string;

/** An element with attributes (`false` and `undefined` leave one out, `true` is an empty one) and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** A line icon of the set, for decoration: what it means must be said by text or label. */
export function icon(node: IconNode): SVGElement {
  return createElement(node, { "aria-hidden": "true", class: "glyph" }) as SVGElement;
}

/** A button with an icon and a label; `wordless` keeps the label for those who hear it only. */
export function button(label: string, glyph: IconNode, { wordless = false, kind = "" } = {}): HTMLButtonElement {
  const text = element("span", { class: wordless ? "hidden" : "" }, label);
  return element("button", { type: "button", class: `button ${kind}`, title: wordless && label }, icon(glyph), text);
}

/** Sets a custom property, which style sheets read: `property(figure, "ratio", 1.5)` is `var(--ratio)`. */
export function property(target: HTMLElement, name: string, value: string | number): void {
  target.style.setProperty(`--${name}`, String(value));
}
