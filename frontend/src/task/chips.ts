/** Tag: what is marked in the picture, as a list with a button each to remove it. */

import { X } from "lucide";

import type { Place } from "../record/records.gen";
import { say } from "../ui/words";
import { element, icon } from "./dom";
import { drawn, type Sign } from "./letters";

export class Chips {
  private readonly list = element("ul", { class: "chips" });
  readonly element = element("section", { class: "present" }, element("h2", {}, say("tag.present")), this.list);

  constructor(
    private readonly signs: ReadonlyMap<string, Sign>,
    private readonly removed: (label: string, event: MouseEvent) => void,
  ) {}

  show(icons: Readonly<Record<string, Place | null>>): void {
    const chips = Object.entries(icons).map(([label, at]) => this.chip(this.signs.get(label)!, at));
    this.list.replaceChildren(...(chips.length ? chips : [element("li", { class: "nothing" }, say("tag.nothing"))]));
  }

  private chip(sign: Sign, at: Place | null): HTMLElement {
    const said = at ? sign.shown : say("tag.no_place", { name: sign.shown });
    const remove = element("button", { type: "button", "aria-label": say("tag.remove", { name: sign.shown }) }, icon(X));
    remove.addEventListener("click", (event) => this.removed(sign.name, event));
    return element("li", { class: at ? "chip" : "chip unplaced" }, drawn(sign), element("span", {}, said), remove);
  }
}
