/** Where an `<img>` shows its picture: without borders, padding and the empty stripes of `object-fit`. */

import type { Box } from "../record/boxes";

/** What a style says of the way from an element's box to its picture; read once, since reading it is slow. */
export interface Fit {
  /** Width and height of the element, and its border and padding (left, top, right, bottom), before any transform, px. */
  size: [number, number];
  edges: [number, number, number, number];
  fit: string;
  /** `object-position`, as shares of the empty space. */
  at: [number, number];
  /** Width of the picture over its height. */
  aspect: number;
}

const SIDES = ["Left", "Top", "Right", "Bottom"] as const;

export function fitOf(image: HTMLElement, width: number, height: number): Fit {
  const style = getComputedStyle(image);
  const edges = SIDES.map((side) => px(style[`border${side}Width`]) + px(style[`padding${side}`]));
  const [x = "50%", y = "50%"] = style.objectPosition.split(" ");
  const size: Fit["size"] = [image.offsetWidth, image.offsetHeight];
  return { size, edges: edges as Fit["edges"], fit: style.objectFit, at: [share(x), share(y)], aspect: width / height };
}

/** The picture's box in client px, to 1/10 px. A CSS transform of the element scales its edges, too. */
export function pictureBox(image: HTMLElement, { size, edges, fit, at, aspect }: Fit): Box {
  const outer = image.getBoundingClientRect();
  const sx = size[0] ? outer.width / size[0] : 1;
  const sy = size[1] ? outer.height / size[1] : 1;
  const width = Math.max(0, outer.width - sx * (edges[0] + edges[2]));
  const height = Math.max(0, outer.height - sy * (edges[1] + edges[3]));
  const [w, h] = shown(width, height, fit, (aspect * sx) / sy);
  const left = outer.left + sx * edges[0] + at[0] * (width - w);
  const top = outer.top + sy * edges[1] + at[1] * (height - h);
  return [tenth(left), tenth(top), tenth(w), tenth(h)];
}

/** Size at which a picture of this aspect is drawn in a box. */
function shown(width: number, height: number, fit: string, aspect: number): [number, number] {
  if ((fit !== "contain" && fit !== "cover") || !(aspect > 0) || width === 0 || height === 0) return [width, height];
  const broader = width / height > aspect;
  return broader === (fit === "contain") ? [height * aspect, height] : [width, width / aspect];
}

function px(length: string | undefined): number {
  return Number.parseFloat(length ?? "") || 0;
}

function share(position: string): number {
  return position.endsWith("%") ? px(position) / 100 : 0.5;
}

function tenth(v: number): number {
  return Math.round(10 * v) / 10;
}
