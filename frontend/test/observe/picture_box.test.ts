// @vitest-environment happy-dom
import { expect, it } from "vitest";

import { fitOf, pictureBox } from "../../src/observe/picture_box";
import { placed } from "./page";

function boxOf(style: string, picture: [number, number]): readonly number[] {
  const image = placed(document.createElement("img"), [100, 50, 200, 100]);
  image.style.cssText = style;
  document.body.append(image);
  return pictureBox(image, fitOf(image, ...picture));
}

it("a picture that fills its element has the element's box", () => {
  expect(boxOf("object-fit: fill", [30, 30])).toEqual([100, 50, 200, 100]);
});

it("borders and padding are no part of the picture", () => {
  expect(boxOf("object-fit: fill; border: 2px solid; padding: 3px 8px", [2, 1])).toEqual([110, 55, 180, 90]);
});

it("a picture that is contained leaves stripes on both sides", () => {
  expect(boxOf("object-fit: contain", [100, 100])).toEqual([150, 50, 100, 100]);
  expect(boxOf("object-fit: contain", [400, 100])).toEqual([100, 75, 200, 50]);
});

it("a picture that covers reaches beyond its element", () => {
  expect(boxOf("object-fit: cover", [100, 100])).toEqual([100, 0, 200, 200]);
});

it("the position says where the empty space is", () => {
  expect(boxOf("object-fit: contain; object-position: 0% 50%", [100, 100])).toEqual([100, 50, 100, 100]);
});

it("a transform scales borders, too", () => {
  const image = placed(document.createElement("img"), [100, 50, 400, 200], [200, 100]);
  image.style.cssText = "object-fit: fill; border: 10px solid";
  document.body.append(image);
  expect(pictureBox(image, fitOf(image, 2, 1))).toEqual([120, 70, 360, 160]);
});
