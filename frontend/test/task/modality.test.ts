// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { Hand, isMade, pointer } from "../../src/task/modality";

const hand = new Hand(document.body);
const click = (detail: number, pointerType?: string): MouseEvent => Object.assign(new MouseEvent("click", { detail }), { pointerType });
const down = (pointerType: string, more: object = {}): void => {
  const event = Object.assign(new Event("pointerdown", { bubbles: true }), { pointerType, width: 20, height: 20, pressure: 0.5, ...more });
  document.body.dispatchEvent(event);
};

test("a click says with what it was made, or else the pointer before it does", () => {
  down("touch");
  expect(hand.of(click(1, "pen"))).toBe("pen");
  expect(hand.of(click(1))).toBe("touch");
});

test("a click without a pointer is the keyboard's, whatever was used before", () => {
  down("mouse");
  expect(hand.of(click(0, ""))).toBe("keyboard");
});

test("a tap that a screen reader makes up in the middle of a picture is no place that somebody pointed at", () => {
  down("touch", { width: 0, height: 0, pressure: 0 });
  expect(hand.of(click(1, "touch"))).toBe("keyboard");
  expect(isMade({ pointerType: "mouse", width: 1, height: 1, pressure: 0.5 })).toBe(false);
  expect(isMade({ pointerType: "touch", width: 23, height: 23, pressure: 0 })).toBe(false);
  expect(isMade({ pointerType: "pen", width: 1, height: 1, pressure: 0 })).toBe(false);
});

test("a click's place is the release's, of which the browser cuts off the fractions", () => {
  const release = Object.assign(new Event("pointerup", { bubbles: true }), { clientX: 100.625, clientY: 7.75 });
  document.body.dispatchEvent(release);
  expect(hand.place(new MouseEvent("click", { clientX: 100, clientY: 7 }))).toEqual({ clientX: 100.625, clientY: 7.75 });
  expect(hand.place(new MouseEvent("click", { clientX: 102, clientY: 7 }))).toEqual({ clientX: 102, clientY: 7 });
});

test("what follows from an input has that input's modality", () => {
  down("touch");
  expect(hand.latest).toBe("touch");
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  expect(hand.latest).toBe("keyboard");
  down("mouse");
  expect(hand.latest).toBe("mouse");
});

test("a pointer that the browser does not know counts as a mouse", () => {
  expect(["mouse", "touch", "pen", ""].map(pointer)).toEqual(["mouse", "touch", "pen", "mouse"]);
});
