/**
 * Which picture the pointer is over: by geometry, so that a frame, a blur or an icon on top changes nothing, and a resting
 * pointer comes over another picture when the page is scrolled.
 */

import type { Box } from "../record/boxes";
import type { Sink } from "../record/sink";

export class Hover {
  private over: string | null = null;
  private target: EventTarget | null = null;
  /** Whether the target shows the pictures. */
  private open = false;
  /** Where the pointer is; null when it is nowhere (a finger that is up, a mouse outside the window). */
  private place: { x: number; y: number } | null = null;

  constructor(
    private readonly sink: Sink,
    private readonly root: HTMLElement,
    private readonly boxes: () => ReadonlyMap<string, Box>,
  ) {}

  /** The pointer hits this; `at` says where it went meanwhile. */
  aim({ target, isPrimary }: PointerEvent): void {
    if (!isPrimary || target === this.target) return;
    this.sink.catchUp();
    this.target = target;
    this.open = this.isOpen(target);
  }

  /** The primary pointer was here. */
  at({ clientX, clientY, timeStamp }: PointerEvent): void {
    this.place = { x: clientX, y: clientY };
    this.set(this.open ? this.find() : null, timeStamp);
  }

  /** The pointer is nowhere. */
  gone(event: PointerEvent): void {
    if (!event.isPrimary) return;
    this.place = null;
    this.set(null, event.timeStamp);
  }

  /** Pictures have moved, perhaps under the pointer. */
  moved(timeStamp: number): void {
    if (this.place === null) return;
    this.target = document.elementFromPoint(this.place.x, this.place.y);
    this.open = this.isOpen(this.target);
    this.set(this.open ? this.find() : null, timeStamp);
  }

  /** Forgets the pointer: a new segment begins. */
  reset(): void {
    this.over = this.place = this.target = null;
  }

  /** Whether what the pointer hits belongs to the task, and is no dialog above the pictures. */
  private isOpen(target: EventTarget | null): boolean {
    return target instanceof Element && this.root.contains(target) && target.closest("dialog") === null;
  }

  private find(): string | null {
    const boxes = this.boxes();
    if (this.over !== null && this.isIn(boxes.get(this.over))) return this.over;
    for (const [image, box] of boxes) if (this.isIn(box)) return image;
    return null;
  }

  private isIn(box: Box | undefined): boolean {
    if (box === undefined || this.place === null) return false;
    const [dx, dy] = [this.place.x - box[0], this.place.y - box[1]];
    return dx >= 0 && dy >= 0 && dx < box[2] && dy < box[3];
  }

  private set(image: string | null, timeStamp: number): void {
    if (image === this.over) return;
    if (this.over !== null) this.sink.write({ k: "hover", image: this.over, inside: false }, timeStamp);
    if (image !== null) this.sink.write({ k: "hover", image, inside: true }, timeStamp);
    this.over = image;
  }
}
