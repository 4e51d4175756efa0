/** Places on a picture: client px <-> [0, 1] of the picture, x to the right, y down. */

import type { Place } from "../record/records.gen";

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where a picture lies within its element when it is shown whole and undistorted (`object-fit: contain`). */
export function contained(frame: Box, width: number, height: number): Box {
  const scale = Math.min(frame.width / width, frame.height / height);
  const [w, h] = [width * scale, height * scale];
  return { left: frame.left + (frame.width - w) / 2, top: frame.top + (frame.height - h) / 2, width: w, height: h };
}

/** A picture's box on the screen now. */
export function pictureBox(image: HTMLImageElement): Box {
  const frame = image.getBoundingClientRect();
  return contained(frame, image.naturalWidth || image.width, image.naturalHeight || image.height);
}

/** Client px -> [0, 1] of the box, to 1e-5; within `grace` px around the box the nearest place in it, beyond null. */
export function placeIn(box: Box, x: number, y: number, grace = 0): Place | null {
  const [dx, dy] = [x - box.left, y - box.top];
  const far = dx < -grace || dy < -grace || dx > box.width + grace || dy > box.height + grace;
  return far || !(box.width > 0 && box.height > 0) ? null : [share(dx, box.width), share(dy, box.height)];
}

function share(part: number, whole: number): number {
  return Math.round(1e5 * Math.min(1, Math.max(0, part / whole))) / 1e5;
}

/** [0, 1] of the box -> client px. */
export function clientOf(box: Box, [x, y]: Place): [number, number] {
  return [box.left + x * box.width, box.top + y * box.height];
}
