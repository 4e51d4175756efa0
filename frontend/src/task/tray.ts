/** Tag: the panels of classes, one at a time; buttons and arrow keys lead from one to the next, and never further. */

import { ChevronLeft, ChevronRight } from "lucide";

import type { ClassPanel } from "../record/records.gen";
import { say } from "../ui/words";
import { button, element } from "./dom";
import { drawn, type Sign } from "./letters";

export interface TrayEvents {
  /** The person went to another panel. */
  opened(panel: number, event: Event): void;
  /** A class's tile has been made: what it does is added here. */
  made(tile: HTMLButtonElement, sign: Sign): void;
}

export class Tray {
  readonly element: HTMLElement;
  private readonly previous = button(say("tag.previous"), ChevronLeft, { wordless: true, kind: "quiet" });
  private readonly next = button(say("tag.next"), ChevronRight, { wordless: true, kind: "quiet" });
  private readonly title = element("h2", { class: "panel-title" });
  private readonly place = element("span", { class: "panel-place" });
  private readonly dots = element("ol", { class: "panel-dots", "aria-hidden": "true" });
  private readonly list = element("div", { class: "tiles", role: "group" });
  private readonly tiles = new Map<string, HTMLButtonElement>();
  private at = 0;

  constructor(
    private readonly panels: readonly ClassPanel[],
    private readonly signs: ReadonlyMap<string, Sign>,
    private readonly events: TrayEvents,
  ) {
    this.dots.append(...panels.map(() => element("li", {})));
    this.previous.addEventListener("click", (event) => this.step(-1, event));
    this.next.addEventListener("click", (event) => this.step(1, event));
    const heading = element("div", { class: "panel-name", "aria-live": "polite" }, this.title, this.place);
    const head = element("div", { class: "panel-head" }, this.previous, heading, this.next);
    this.element = element("section", { class: "tray", "aria-label": say("tag.classes") }, head, this.dots, this.list);
    this.list.addEventListener("keydown", (event) => this.key(event));
  }

  /** Which panel is open. */
  get panel(): number {
    return this.at;
  }

  /** Opens a panel; beyond the first and the last there is none, and nothing happens. */
  open(panel: number): void {
    const { name, classes } = this.panels[panel]!;
    const inside = this.list.contains(document.activeElement);
    this.at = panel;
    this.title.textContent = name;
    this.place.textContent = say("tag.of", { number: panel + 1, of: this.panels.length });
    this.list.setAttribute("aria-label", say("tag.panel", { name, number: panel + 1, of: this.panels.length }));
    this.list.replaceChildren(...classes.map(({ name: label }) => this.tile(label)));
    this.rove(0, inside);
    // Not `disabled`: a button that is may not keep the focus.
    this.previous.setAttribute("aria-disabled", String(panel === 0));
    this.next.setAttribute("aria-disabled", String(panel === this.panels.length - 1));
  }

  step(by: number, event: Event): void {
    const to = this.at + by;
    if (to < 0 || to >= this.panels.length) return;
    this.open(to);
    this.events.opened(to, event);
  }

  /** Brings the panels' dots and the tiles in line with the answer. */
  show(seen: readonly number[], present: (label: string) => boolean, armed: string | null): void {
    [...this.dots.children].forEach((dot, panel) => {
      dot.className = panel === this.at ? "here" : seen.includes(panel) ? "seen" : "";
    });
    for (const [label, tile] of this.tiles) {
      tile.setAttribute("aria-pressed", String(present(label)));
      tile.classList.toggle("armed", label === armed);
    }
  }

  private tile(label: string): HTMLButtonElement {
    const known = this.tiles.get(label);
    if (known) return known;
    const sign = this.signs.get(label)!;
    const name = element("span", { class: "tile-name" }, sign.shown);
    const tile = element("button", { type: "button", class: "class-tile", "data-class": label }, drawn(sign), name);
    this.events.made(tile, sign);
    this.tiles.set(label, tile);
    return tile;
  }

  private key(event: KeyboardEvent): void {
    const tiles = [...this.list.children];
    const at = tiles.indexOf(document.activeElement as Element);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: tiles.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.rove(Math.min(tiles.length - 1, Math.max(0, to)), true);
  }

  private rove(to: number, focus: boolean): void {
    [...this.list.children].forEach((tile, place) => ((tile as HTMLElement).tabIndex = place === to ? 0 : -1));
    if (focus) (this.list.children[to] as HTMLElement | undefined)?.focus();
  }
}
