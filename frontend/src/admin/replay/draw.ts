/** Draws a scene onto a canvas: the viewport as the person had it, scaled to fit. */

import { say } from "../../ui/words";
import type { Scene } from "./scene";
import type { Timeline } from "./timeline";

/** What the drawing needs besides the scene. */
export interface Stage {
  images: ReadonlyMap<string, HTMLImageElement>;
  /** What people read for a class. */
  shown: (label: string) => string;
  grid: readonly [number, number];
  colours: Colours;
}

export interface Colours {
  ground: string;
  line: string;
  text: string;
  pointer: string;
  selected: string;
  paint: string;
  muted: string;
}

type Box = readonly [number, number, number, number];
type Pen = CanvasRenderingContext2D;

/** Client px -> px of the canvas. */
interface Fit {
  scale: number;
  left: number;
  top: number;
}

/** Draws one moment. The canvas has its size in device px already. */
export function draw(canvas: HTMLCanvasElement, line: Timeline, now: Scene, stage: Stage): void {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = stage.colours.line;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const view = now.layout?.view ?? [canvas.width, canvas.height];
  const fit = fitted(canvas, view);
  pen.setTransform(fit.scale, 0, 0, fit.scale, fit.left, fit.top);
  pen.beginPath();
  pen.rect(0, 0, view[0], view[1]);
  pen.fillStyle = stage.colours.ground;
  pen.fill();
  pen.save();
  pen.clip();
  pictures(pen, now, stage, fit.scale);
  mask(pen, now, stage);
  icons(pen, now, stage, fit.scale);
  pointer(pen, line, now, stage, fit.scale);
  pen.restore();
  if (!now.visible || !now.focused) away(pen, now, view, stage, fit.scale);
}

/** The scale at which a viewport fits the canvas, centred. */
export function fitted(canvas: { width: number; height: number }, view: readonly [number, number]): Fit {
  const scale = Math.min(canvas.width / Math.max(1, view[0]), canvas.height / Math.max(1, view[1]));
  return { scale, left: (canvas.width - view[0] * scale) / 2, top: (canvas.height - view[1] * scale) / 2 };
}

function pictures(pen: Pen, now: Scene, stage: Stage, scale: number): void {
  for (const [id, box] of Object.entries(now.layout?.images ?? {})) {
    const image = stage.images.get(id);
    if (image?.complete && image.naturalWidth) pen.drawImage(image, ...box);
    else hatch(pen, box, stage.colours.muted, scale);
    if (now.failed.has(id)) hatch(pen, box, stage.colours.pointer, scale);
    if (now.hovered === id) frame(pen, box, stage.colours.muted, 2 / scale);
    if (now.selected.has(id)) chosen(pen, box, now.selected.get(id) ?? null, stage, scale);
  }
}

function hatch(pen: Pen, [left, top, width, height]: Box, colour: string, scale: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 1 / scale;
  pen.strokeRect(left, top, width, height);
  pen.beginPath();
  pen.moveTo(left, top);
  pen.lineTo(left + width, top + height);
  pen.moveTo(left + width, top);
  pen.lineTo(left, top + height);
  pen.stroke();
}

function frame(pen: Pen, [left, top, width, height]: Box, colour: string, thick: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.strokeRect(left, top, width, height);
}

function chosen(pen: Pen, box: Box, at: readonly [number, number] | null, stage: Stage, scale: number): void {
  frame(pen, box, stage.colours.selected, 4 / scale);
  if (at) dot(pen, box[0] + at[0] * box[2], box[1] + at[1] * box[3], 5 / scale, stage.colours.selected);
}

function dot(pen: Pen, x: number, y: number, radius: number, colour: string): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = radius / 3;
  pen.strokeStyle = "white";
  pen.stroke();
}

/** The painted mask, drawn from its strokes on a sheet of its own so that the eraser erases paint only. */
function mask(pen: Pen, now: Scene, stage: Stage): void {
  const box = Object.values(now.layout?.images ?? {})[0];
  const [columns, rows] = stage.grid;
  if (!box || !columns || !rows || now.painted.length === 0) return;
  const sheet = document.createElement("canvas");
  sheet.width = Math.max(1, Math.round(box[2]));
  sheet.height = Math.max(1, Math.round(box[3]));
  const brush = sheet.getContext("2d");
  if (!brush) return;
  brush.scale(sheet.width / (16 * columns), sheet.height / (16 * rows));
  brush.lineCap = brush.lineJoin = "round";
  brush.strokeStyle = brush.fillStyle = stage.colours.paint;
  for (const entry of now.painted) {
    if (entry.k === "clear") brush.clearRect(0, 0, 16 * columns, 16 * rows);
    else stroke(brush, entry.cells, 16 * entry.radius, entry.tool === "eraser");
  }
  pen.globalAlpha = 0.5;
  pen.drawImage(sheet, box[0], box[1], box[2], box[3]);
  pen.globalAlpha = 1;
}

function stroke(brush: Pen, cells: readonly number[], radius: number, erase: boolean): void {
  brush.globalCompositeOperation = erase ? "destination-out" : "source-over";
  brush.lineWidth = 2 * radius;
  brush.beginPath();
  brush.moveTo(cells[0] ?? 0, cells[1] ?? 0);
  for (let k = 2; k < cells.length; k += 2) brush.lineTo(cells[k]!, cells[k + 1]!);
  if (cells.length <= 2) brush.lineTo((cells[0] ?? 0) + 0.01, cells[1] ?? 0);
  brush.stroke();
  brush.globalCompositeOperation = "source-over";
}

function icons(pen: Pen, now: Scene, stage: Stage, scale: number): void {
  const box = Object.values(now.layout?.images ?? {})[0];
  if (!box) return;
  pen.font = `${Math.round(13 / scale)}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  let unplaced = 0;
  for (const [label, at] of now.icons) {
    const x = at ? box[0] + at[0] * box[2] : box[0] + 8 / scale;
    const y = at ? box[1] + at[1] * box[3] : box[1] + (14 + 24 * unplaced++) / scale;
    if (at) dot(pen, x, y, 6 / scale, stage.colours.selected);
    tag(pen, at ? stage.shown(label) : say("replay.no_place", { name: stage.shown(label) }), x + 10 / scale, y, stage, scale);
  }
}

function tag(pen: Pen, text: string, x: number, y: number, stage: Stage, scale: number): void {
  const width = pen.measureText(text).width + 10 / scale;
  pen.fillStyle = stage.colours.ground;
  pen.globalAlpha = 0.85;
  pen.fillRect(x, y - 10 / scale, width, 20 / scale);
  pen.globalAlpha = 1;
  pen.fillStyle = stage.colours.text;
  pen.fillText(text, x + 5 / scale, y);
}

function pointer(pen: Pen, line: Timeline, now: Scene, stage: Stage, scale: number): void {
  const [from, to] = now.trail;
  pen.lineCap = "round";
  pen.strokeStyle = stage.colours.pointer;
  for (let k = from + 1; k < to; k++) {
    pen.globalAlpha = 0.15 + (0.85 * (k - from)) / (to - from);
    pen.lineWidth = (line.pressed[k] ? 5 : 2.5) / scale;
    pen.beginPath();
    pen.moveTo(line.x[k - 1]!, line.y[k - 1]!);
    pen.lineTo(line.x[k]!, line.y[k]!);
    pen.stroke();
  }
  for (const ring of now.rings) {
    pen.globalAlpha = 1 - ring.age;
    pen.lineWidth = 3 / scale;
    pen.beginPath();
    pen.arc(ring.x, ring.y, (6 + 22 * ring.age) / scale, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  if (to > 0) {
    dot(pen, line.x[to - 1]!, line.y[to - 1]!, (line.pressed[to - 1] ? 8 : 6) / scale, stage.colours.pointer);
    pen.font = `${Math.round(13 / scale)}px system-ui, sans-serif`;
    pen.textBaseline = "middle";
    if (now.carried) tag(pen, stage.shown(now.carried), line.x[to - 1]! + 12 / scale, line.y[to - 1]!, stage, scale);
  }
}

function away(pen: Pen, now: Scene, view: readonly [number, number], stage: Stage, scale: number): void {
  pen.globalAlpha = now.visible ? 0.35 : 0.75;
  pen.fillStyle = stage.colours.ground;
  pen.fillRect(0, 0, view[0], view[1]);
  pen.globalAlpha = 1;
  pen.font = `${Math.round(16 / scale)}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  tag(pen, say(now.visible ? "replay.away" : "replay.hidden"), 16 / scale, 24 / scale, stage, scale);
}
