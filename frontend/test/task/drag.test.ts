// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";

import { draggable } from "../../src/task/drag";

let target: HTMLElement;
let told: string[];

beforeEach(() => {
  target = document.createElement("button");
  target.setPointerCapture = () => {};
  document.body.replaceChildren(target);
  told = [];
  const tell = (what: string) => (): void => void told.push(what);
  draggable(target, { start: (_, from) => told.push(`start ${from.x}`), move: tell("move"), drop: tell("drop"), cancel: tell("cancel") });
  target.addEventListener("click", tell("click"));
});

const send = (type: string, clientX: number, more: object = {}): void => {
  const event = Object.assign(new Event(type, { bubbles: true }), { pointerId: 1, button: 0, clientX, clientY: 0, detail: 1, ...more });
  target.dispatchEvent(event);
};

test("a drag begins where the pointer went down, and is not also a click", () => {
  send("pointerdown", 10);
  send("pointermove", 12);
  send("pointermove", 18);
  send("pointerup", 20);
  send("click", 20);
  expect(told).toEqual(["start 10", "move", "move", "drop"]);
});

test("an unsteady click is a click", () => {
  send("pointerdown", 10);
  send("pointermove", 13);
  send("pointerup", 12);
  send("click", 12);
  expect(told).toEqual(["click"]);
});

test("a click by keyboard counts at any time", () => {
  send("pointerdown", 10);
  send("pointerup", 40);
  send("click", 0, { detail: 0 });
  expect(told.at(-1)).toBe("click");
});

test("only one click is kept back, and only after a drag", () => {
  send("pointerdown", 10);
  send("pointerup", 40);
  send("click", 40);
  send("click", 40);
  expect(told.filter((one) => one === "click")).toHaveLength(1);
});

test("a drag that the browser takes away is cancelled, once", () => {
  send("pointerdown", 10);
  send("pointermove", 30);
  send("pointercancel", 30);
  send("lostpointercapture", 30);
  expect(told).toEqual(["start 10", "move", "cancel"]);
});

test("Escape puts back, and what follows is no drop", () => {
  send("pointerdown", 10);
  send("pointermove", 30);
  target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  send("pointerup", 40);
  expect(told).toEqual(["start 10", "move", "cancel"]);
});

test("other buttons and other pointers do not drag", () => {
  send("pointerdown", 10, { button: 2 });
  send("pointermove", 30);
  send("pointerup", 30);
  send("pointerdown", 10);
  send("pointermove", 90, { pointerId: 2 });
  send("pointerup", 10);
  expect(told).toEqual([]);
});
