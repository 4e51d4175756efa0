/** Tag: the picture with the icons that lie on it. An icon's centre is its place. */

import type { Picture, Place } from "../record/records.gen";
import { say } from "../ui/words";
import { element, property } from "./dom";
import { drawn, type Sign } from "./letters";
import { frame, imageOf } from "./picture";
import { type Box, pictureBox } from "./place";

export class Board {
  readonly image: HTMLImageElement;
  readonly figure = element("div", { class: "figure board" });
  private readonly pins = new Map<string, HTMLButtonElement>();

  constructor(
    picture: Picture,
    private readonly made: (pin: HTMLButtonElement, sign: Sign) => void,
    changed: () => void,
  ) {
    this.image = imageOf(picture);
    this.figure.append(this.image);
    frame(this.figure, this.image, changed);
  }

  get box(): Box {
    return pictureBox(this.image);
  }

  /** Lays exactly these icons, where they are; icons without a place are not on the picture. */
  show(icons: Readonly<Record<string, Place | null>>, signs: ReadonlyMap<string, Sign>): void {
    for (const [label, pin] of this.pins) {
      if (icons[label]) continue;
      pin.remove();
      this.pins.delete(label);
    }
    for (const [label, at] of Object.entries(icons)) {
      const sign = signs.get(label);
      if (at && sign) this.lay(this.pins.get(label) ?? this.pin(sign), at);
    }
  }

  /** Where an icon is shown now, whatever the answer says: while it is dragged. */
  lay(pin: HTMLElement, [x, y]: Place): void {
    property(pin, "x", `${100 * x}%`);
    property(pin, "y", `${100 * y}%`);
  }

  /** The icon of a class, if it lies on the picture. */
  of(label: string): HTMLButtonElement | undefined {
    return this.pins.get(label);
  }

  private pin(sign: Sign): HTMLButtonElement {
    const named = { type: "button", class: "pin", "data-class": sign.name, "aria-label": say("tag.icon", { name: sign.shown }) };
    const pin = element("button", named, drawn(sign), element("span", { class: "pin-name", "aria-hidden": "true" }, sign.shown));
    this.pins.set(sign.name, pin);
    this.figure.append(pin);
    this.made(pin, sign);
    return pin;
  }
}
