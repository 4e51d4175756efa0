/**
 * The pointer's path, as complete as the browser delivers it.
 *
 * A busy page gets many movements in one event: `getCoalescedEvents()` holds them all, each with its own time. It is
 * missing on plain HTTP, where only the last of them is known; the chunk's `coalesced` says so. Listeners sit on the
 * window, in the capture phase: they see every event first, also while a canvas holds the pointer captured. Native drag
 * and drop would blind them, which is why no task uses it.
 */

import type { Modality } from "../record/records.gen";
import type { Sink } from "../record/sink";
import type { Hover } from "./hover";

const MODALITY: Readonly<Record<string, number>> = { mouse: 0, touch: 1, pen: 2 };
const ACTION = { pointerdown: "down", pointerup: "up", pointercancel: "cancel" } as const;

/** Whether this browser tells each movement that it put together into one event. */
export function isCoalescing(): boolean {
  return typeof PointerEvent !== "undefined" && "getCoalescedEvents" in PointerEvent.prototype;
}

/** `arrived` is called at every event, before its samples are taken. */
export function watchPointer(sink: Sink, hover: Hover, arrived: (timeStamp: number) => void): void {
  /** `move` says when and where; `event`, of which it is a part, the rest. */
  function take(move: PointerEvent, event: PointerEvent): void {
    sink.sample(move.timeStamp, move.clientX, move.clientY, MODALITY[event.pointerType] ?? 0, event.buttons ? 1 : 0);
    if (event.isPrimary) hover.at(move);
  }

  sink.listen<PointerEvent>(window, "pointermove", (event) => {
    const moves = event.getCoalescedEvents?.() ?? [];
    arrived(event.timeStamp);
    hover.aim(event);
    if (moves.length === 0) take(event, event);
    for (const move of moves) take(move, event);
  });
  for (const type of ["pointerdown", "pointerup"] as const) {
    sink.listen<PointerEvent>(window, type, (event) => {
      arrived(event.timeStamp);
      hover.aim(event);
      take(event, event);
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

function modality({ pointerType }: PointerEvent): Modality {
  return pointerType === "touch" || pointerType === "pen" ? pointerType : "mouse";
}
