/** Paint: the picture under its mask. One canvas pixel is one cell of the mask's grid; the browser stretches it over the picture. */

import { type Runs, drawStroke } from "../fold/paint";
import type { Picture, Stroke } from "../record/records.gen";
import { say } from "../ui/words";
import { element, property } from "./dom";
import { frame, imageOf } from "./picture";
import { type Box, pictureBox } from "./place";
import { type Grid, PARTS } from "./stroke";

/** Colour of what is painted: red, green, blue, opacity in [0, 255]. */
const PAINT = [235, 94, 20, 140] as const;

export class Canvas {
  readonly image: HTMLImageElement;
  readonly surface: HTMLCanvasElement;
  readonly tip = element("span", { class: "tip", "aria-hidden": "true" });
  readonly figure = element("div", { class: "figure" });
  private readonly pen: CanvasRenderingContext2D;
  private mask: Uint8Array;

  constructor(
    picture: Picture,
    private readonly grid: Grid,
    changed: () => void,
  ) {
    const [width, height] = grid;
    this.image = imageOf(picture);
    this.surface = element("canvas", { width, height, tabindex: 0, role: "application", "aria-label": say("paint.canvas") });
    this.pen = this.surface.getContext("2d")!;
    this.mask = new Uint8Array(width * height);
    this.figure.append(this.image, this.surface, this.tip);
    frame(this.figure, this.image, changed);
  }

  get box(): Box {
    return pictureBox(this.image);
  }

  /** Share of the picture that is painted, in [0, 1]. */
  get covered(): number {
    return this.mask.reduce((sum, cell) => sum + cell, 0) / this.mask.length;
  }

  /** Shows an answer's mask instead of whatever is there. */
  show(runs: Runs): void {
    let at = 0;
    runs.forEach((run, n) => this.mask.fill(n % 2, at, (at += run)));
    this.refresh(0, 0, ...this.grid);
  }

  /** Draws a stroke, or the newest part of one, onto what is there. */
  draw(stroke: Pick<Stroke, "tool" | "radius" | "cells">): void {
    drawStroke(this.mask, this.grid, stroke);
    const reach = stroke.radius + 1;
    const xs = stroke.cells.filter((_, n) => n % 2 === 0).map((x) => x / PARTS);
    const ys = stroke.cells.filter((_, n) => n % 2 === 1).map((y) => y / PARTS);
    const [left, top] = [Math.floor(Math.min(...xs) - reach), Math.floor(Math.min(...ys) - reach)];
    this.refresh(left, top, Math.ceil(Math.max(...xs) + reach), Math.ceil(Math.max(...ys) + reach));
  }

  /** Brings the round tip to a place in 1/16 of a cell. */
  point(x: number, y: number, radius: number): void {
    const [width, height] = this.grid;
    property(this.tip, "x", `${(100 * x) / (PARTS * width)}%`);
    property(this.tip, "y", `${(100 * y) / (PARTS * height)}%`);
    property(this.tip, "size", `${(200 * radius) / width}%`);
  }

  /** Paints the cells of a rectangle anew. */
  private refresh(left: number, top: number, right: number, bottom: number): void {
    const [width, height] = this.grid;
    const [x0, y0, x1, y1] = [Math.max(0, left), Math.max(0, top), Math.min(width, right), Math.min(height, bottom)];
    if (x1 <= x0 || y1 <= y0) return;
    const pixels = new ImageData(x1 - x0, y1 - y0);
    for (let y = y0, at = 0; y < y1; y++) {
      for (let x = x0; x < x1; x++, at += 4) if (this.mask[y * width + x]) pixels.data.set(PAINT, at);
    }
    this.pen.putImageData(pixels, x0, y0);
  }
}
