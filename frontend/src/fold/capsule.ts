/**
 * A round tip drawn along a straight line onto a grid: exact in whole numbers, so that browser and service agree to the bit.
 *
 * Lengths are in 1/16 of a cell; the cell in column c and row r has its centre at (16 c + 8, 16 r + 8). What is covered, all
 * within R of the segment from a to b, is convex: in each row it is one run of cells. Its ends are estimated in floating
 * point and then settled by the exact test, so that a row costs a few tests, however broad the tip is.
 */

/** ax, ay, bx, by. */
export type Segment = readonly [number, number, number, number];

/** Sets the cells that a tip of radius `R` covers on its way to `value`. */
export function drawSegment(mask: Uint8Array, [width, height]: readonly [number, number], segment: Segment, R: number, value: number): void {
  const [, ay, , by] = segment;
  const first = Math.max(0, Math.ceil((Math.min(ay, by) - R - 8) / 16));
  const last = Math.min(height - 1, Math.floor((Math.max(ay, by) + R - 8) / 16));
  for (let row = first; row <= last; row++) {
    const y = 16 * row + 8;
    const [low, high] = span(segment, R, y);
    let left = Math.max(0, Math.floor((low - 8) / 16) - 1);
    let right = Math.min(width - 1, Math.ceil((high - 8) / 16) + 1);
    while (left <= right && !covers(segment, R, 16 * left + 8, y)) left++;
    while (right > left && !covers(segment, R, 16 * right + 8, y)) right--;
    if (left <= right) mask.fill(value, row * width + left, row * width + right + 1);
  }
}

/** Whether (x, y) is within `R` of the segment; every product is below 2^53. */
export function covers([ax, ay, bx, by]: Segment, R: number, x: number, y: number): boolean {
  const [dx, dy, px, py] = [bx - ax, by - ay, x - ax, y - ay];
  const L = dx * dx + dy * dy;
  const s = px * dx + py * dy;
  if (s <= 0) return px * px + py * py <= R * R;
  if (s >= L) return (x - bx) ** 2 + (y - by) ** 2 <= R * R;
  return (px * dy - py * dx) ** 2 <= R * R * L;
}

/** Where the covered region begins and ends on the line at height `y`, nearly; Infinity and -Infinity if it misses the line. */
function span(segment: Segment, R: number, y: number): [number, number] {
  const [ax, ay, bx, by] = segment;
  let [low, high] = [Infinity, -Infinity];
  const take = (x: number): void => {
    low = Math.min(low, x);
    high = Math.max(high, x);
  };
  for (const [cx, cy] of [[ax, ay], [bx, by]] as const) {
    const half = Math.sqrt(R * R - (y - cy) ** 2);
    if (half >= 0) take(cx - half), take(cx + half);
  }
  const length = Math.hypot(bx - ax, by - ay);
  if (length > 0) crossings(segment, (R * (ay - by)) / length, (R * (bx - ax)) / length, y, take);
  return [low, high];
}

/** Where the two long sides of the strip, the segment moved by (nx, ny) and by its opposite, cross the line at `y`. */
function crossings([ax, ay, bx, by]: Segment, nx: number, ny: number, y: number, take: (x: number) => void): void {
  for (const sign of [1, -1]) {
    const share = (y - ay - sign * ny) / (by - ay);
    if (share >= 0 && share <= 1) take(ax + sign * nx + share * (bx - ax));
  }
}
