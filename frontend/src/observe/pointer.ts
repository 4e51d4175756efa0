/**
 * The pointer's path, as complete as the browser delivers it.
 *
 * A busy page gets many movements in one event: `getCoalescedEvents()` holds them all, each with its own time. It is
 * missing on plain HTTP, where only the last of them is known; the chunk's `coalesced` says so. Listeners sit on the
 * window, in the capture phase: they see every event first, also while a canvas holds the pointer captured. Native drag
 * and drop would blind them, which is why no task uses it.
 *
 * While nothing on the page moves, movements of the pointer wait and are taken some at a time: the first of them costs
 * as much as all the others. Before anything else is recorded, and before anything they depend on changes, they are
 * caught up with.
 */

import type { Modality } from "../record/records.gen";
import type { Sink } from "../record/sink";
import type { Hover } from "./hover";

const MODALITY: Readonly<Record<string, number>> = { mouse: 0, touch: 1, pen: 2 };
const ACTION = { pointerdown: "down", pointerup: "up", pointercancel: "cancel" } as const;
/** No more events than this wait. */
const WAITING = 64;

/** Whether this browser tells each movement that it put together into one event. */
export function isCoalescing(): boolean {
  return typeof PointerEvent !== "undefined" && "getCoalescedEvents" in PointerEvent.prototype;
}

export class PointerWatch {
  /** Events, each with the movements that it puts together. */
  private waiting: [event: PointerEvent, moves: readonly PointerEvent[]][] = [];

  /** `arrived` is called at every event, and with `true` at a press or release; it tells whether movements can wait. */
  constructor(
    private readonly sink: Sink,
    private readonly hover: Hover,
    private readonly arrived: (timeStamp: number, press: boolean) => boolean,
  ) {}

  watch(): void {
    const { sink, hover } = this;
    sink.listen<PointerEvent>(window, "pointermove", (event) => this.moved(event));
    for (const type of ["pointerdown", "pointerup"] as const) {
      sink.listen<PointerEvent>(window, type, (event) => {
        this.arrived(event.timeStamp, true);
        hover.aim(event);
        this.take(event, event);
        sink.write({ k: "pointer", action: ACTION[type], by: modality(event) }, event.timeStamp);
      });
    }
    sink.listen<PointerEvent>(window, "pointercancel", (event) => {
      sink.write({ k: "pointer", action: "cancel", by: modality(event) }, event.timeStamp);
      hover.gone(event);
    });
    // Without a target to go on to, the pointer has left the window, or the finger the screen.
    sink.listen<PointerEvent>(window, "pointerout", (event) => {
      if (event.relatedTarget === null) hover.gone(event);
    });
  }

  /** Takes the movements that wait. */
  catchUp(): void {
    if (this.waiting.length === 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const [event, moves] of waiting) {
      if (moves.length === 0) this.take(event, event);
      for (const move of moves) this.take(move, event);
    }
  }

  private moved(event: PointerEvent): void {
    const calm = this.arrived(event.timeStamp, false);
    this.hover.aim(event);
    this.waiting.push([event, event.getCoalescedEvents?.() ?? []]);
    if (calm && this.waiting.length < WAITING) this.sink.grown();
    else this.catchUp();
  }

  /** `move` says when and where; `event`, of which it is a part, the rest. */
  private take(move: PointerEvent, event: PointerEvent): void {
    this.sink.sample(move.timeStamp, move.clientX, move.clientY, MODALITY[event.pointerType] ?? 0, event.buttons ? 1 : 0);
    if (event.isPrimary) this.hover.at(move);
  }
}

function modality({ pointerType }: PointerEvent): Modality {
  return pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
}
