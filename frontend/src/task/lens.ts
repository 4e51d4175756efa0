/** A magnifier: a round glass that shows what lies under the pointer, enlarged. It takes no pointer events itself. */

import { element, property } from "./dom";
import type { Box } from "./place";
import { pictureBox } from "./place";

/** Diameter in CSS px, and how much larger it shows things. */
const SIZE = 168;
const POWER = 2.5;
/** How far above a finger the glass floats, px. */
const LIFT = 120;

export class Lens {
  readonly glass = element("canvas", { class: "lens", "aria-hidden": "true" });
  private on = false;

  constructor(
    private readonly image: HTMLImageElement,
    area: HTMLElement,
  ) {
    const show = (event: PointerEvent): void => this.over(event.clientX, event.clientY, event.pointerType !== "mouse");
    area.addEventListener("pointermove", show);
    area.addEventListener("pointerdown", show);
    for (const end of ["pointerleave", "pointercancel"]) area.addEventListener(end, () => this.away());
  }

  get active(): boolean {
    return this.on;
  }

  toggle(): void {
    this.on = !this.on;
    if (!this.on) this.away();
  }

  away(): void {
    this.glass.classList.remove("shown");
  }

  /** Shows the surroundings of a place in client px. */
  over(x: number, y: number, lifted: boolean): void {
    const box = pictureBox(this.image);
    const inside = x >= box.left && y >= box.top && x <= box.left + box.width && y <= box.top + box.height;
    if (!this.on || !inside || !this.image.naturalWidth) return this.away();
    this.draw(box, x, y);
    property(this.glass, "x", `${x - SIZE / 2}px`);
    property(this.glass, "y", `${y - SIZE / 2 - (lifted ? LIFT : 0)}px`);
    this.glass.classList.add("shown");
  }

  private draw(box: Box, x: number, y: number): void {
    const side = Math.round(SIZE * devicePixelRatio);
    if (this.glass.width !== side) this.glass.width = this.glass.height = side;
    const pen = this.glass.getContext("2d")!;
    const scale = (POWER * side) / SIZE;
    pen.clearRect(0, 0, side, side);
    const [left, top] = [side / 2 - (x - box.left) * scale, side / 2 - (y - box.top) * scale];
    pen.drawImage(this.image, left, top, box.width * scale, box.height * scale);
    this.cross(pen, side);
  }

  private cross(pen: CanvasRenderingContext2D, side: number): void {
    const [middle, arm] = [side / 2, 0.06 * side];
    for (const [colour, width] of [["#000", 0.018 * side], ["#fff", 0.008 * side]] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(middle - arm, middle);
      pen.lineTo(middle + arm, middle);
      pen.moveTo(middle, middle - arm);
      pen.lineTo(middle, middle + arm);
      pen.stroke();
    }
  }
}
