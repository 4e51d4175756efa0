/** With what somebody did something. Keyboard and assistive tools have no place, and none is made up for them. */

import type { Modality } from "../record/records.gen";

/**
 * Whether a `pointerdown` was made by an assistive tool rather than a hand: screen readers on touch devices click in the
 * middle of what they read, as a "pointer" without size and without pressure.
 */
export function isMade(down: { pointerType: string; width: number; height: number; pressure: number }): boolean {
  return down.pointerType !== "pen" && down.pressure === 0 && down.width <= 1 && down.height <= 1;
}

/** Remembers the last press, release and key within a root, so that clicks can be told apart and have an exact place. */
export class Hand {
  private last: Modality = "mouse";
  private made = false;
  private keyed = false;
  private up = { clientX: NaN, clientY: NaN };

  constructor(root: HTMLElement) {
    root.addEventListener("pointerdown", (event) => this.down(event), { capture: true });
    root.addEventListener("pointerup", ({ clientX, clientY }) => (this.up = { clientX, clientY }), { capture: true });
    root.addEventListener("keydown", () => (this.keyed = true), { capture: true });
  }

  /** Modality of what happens now as a consequence of the last input, for events that do not say (`change`). */
  get latest(): Modality {
    return this.keyed || this.made ? "keyboard" : this.last;
  }

  down(event: PointerEvent): void {
    this.last = pointer(event.pointerType);
    this.made = isMade(event);
    this.keyed = false;
  }

  /** A click's modality: without a pointer (`detail` 0) it is the keyboard's, or that of a tool that acts like it. */
  of(click: MouseEvent): Modality {
    if (click.detail === 0 || this.made) return "keyboard";
    const { pointerType } = click as Partial<PointerEvent>;
    return pointerType ? pointer(pointerType) : this.last;
  }

  /** Where a click was made, client px: browsers cut a click's own place off to whole px, that of the release before it not. */
  place({ clientX, clientY }: MouseEvent): { clientX: number; clientY: number } {
    const same = Math.abs(this.up.clientX - clientX) < 1 && Math.abs(this.up.clientY - clientY) < 1;
    return same ? this.up : { clientX, clientY };
  }
}

/** `PointerEvent.pointerType` as the log says it; what the browser does not know counts as a mouse. */
export function pointer(type: string): Modality {
  return type === "touch" || type === "pen" ? type : "mouse";
}
