/**
 * Dragging by pointer events with capture, for mouse, touch and pen alike. The browser's own drag and drop is never used:
 * while it runs, no pointer event reaches a page, and the path would be missing from the record.
 */

/** What a drag does; places are client px. */
export interface Drag {
  /** The pointer has gone far enough to mean it; it went down at `from`. */
  start(event: PointerEvent, from: { x: number; y: number }): void;
  move(event: PointerEvent): void;
  drop(event: PointerEvent): void;
  /** The browser or Escape took it back. */
  cancel(event: Event): void;
}

/** Less than this, in px, is a click with an unsteady hand. */
const SLACK = 4;

/**
 * Keeps a finger's path on an element to itself. `touch-action: none` keeps the page from scrolling; but without this
 * Chromium may still take the end of the path for a fling, and swallow the next tap, wherever it is.
 */
export function holdTouches(target: HTMLElement): void {
  target.addEventListener("touchmove", (event) => event.cancelable && event.preventDefault(), { passive: false });
}

/** Makes an element draggable. A drag is not also a click: the one that follows it is kept back. */
export function draggable(target: HTMLElement, drag: Drag): void {
  new Dragging(target, drag);
}

class Dragging {
  private down: { id: number; x: number; y: number } | null = null;
  private moving = false;
  private swallow = false;

  constructor(
    private readonly target: HTMLElement,
    private readonly drag: Drag,
  ) {
    holdTouches(target);
    target.addEventListener("pointerdown", (event) => this.pressed(event));
    target.addEventListener("pointermove", (event) => this.moved(event));
    target.addEventListener("pointerup", (event) => this.released(event));
    target.addEventListener("pointercancel", (event) => this.ended(event));
    target.addEventListener("lostpointercapture", (event) => this.ended(event));
    target.addEventListener("click", (event) => this.clicked(event), { capture: true });
    target.addEventListener("dragstart", (event) => event.preventDefault());
    target.addEventListener("keydown", (event) => event.key === "Escape" && this.escaped(event));
  }

  private pressed(event: PointerEvent): void {
    this.swallow = false;
    if (event.button !== 0 || this.down) return;
    this.down = { id: event.pointerId, x: event.clientX, y: event.clientY };
    this.target.setPointerCapture(event.pointerId);
  }

  private moved(event: PointerEvent): void {
    if (event.pointerId !== this.down?.id) return;
    const far = Math.hypot(event.clientX - this.down.x, event.clientY - this.down.y) >= SLACK;
    if (!this.moving && far) {
      this.moving = true;
      this.drag.start(event, this.down);
    }
    if (this.moving) this.drag.move(event);
  }

  private released(event: PointerEvent): void {
    if (event.pointerId !== this.down?.id) return;
    this.moved(event);
    this.down = null;
    if (this.moving) {
      this.moving = false;
      this.swallow = true;
      this.drag.drop(event);
    }
  }

  private ended(event: PointerEvent): void {
    if (event.pointerId !== this.down?.id) return;
    this.down = null;
    if (this.moving) {
      this.moving = false;
      this.drag.cancel(event);
    }
  }

  private escaped(event: KeyboardEvent): void {
    if (!this.moving) return;
    event.stopPropagation();
    this.moving = false;
    this.down = null;
    this.swallow = true;
    this.drag.cancel(event);
  }

  private clicked(event: MouseEvent): void {
    if (!this.swallow || event.detail === 0) return;
    this.swallow = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
