/** A picture's element: its box is reserved before it loads, and a failed one is said to have failed, never replaced. */

import { ImageOff } from "lucide";

import type { Picture } from "../record/records.gen";
import { say } from "../ui/words";
import { element, icon, property } from "./dom";

/** The image, not yet in the document. */
export function imageOf(picture: Picture): HTMLImageElement {
  const { width, height, title, url } = picture;
  return element("img", { src: url, width, height, alt: title, decoding: "async", draggable: "false" });
}

/** Gives an element the picture's shape (`--ratio`, width / height), and marks it (`failed`) when the image cannot be loaded. */
export function frame(target: HTMLElement, image: HTMLImageElement, changed: () => void): void {
  property(target, "ratio", image.width / image.height);
  const note = element("span", { class: "failed-note" }, icon(ImageOff), say("picture.failed"));
  image.addEventListener("error", () => {
    target.classList.add("failed");
    if (!note.isConnected) target.append(note);
    changed();
  });
  image.addEventListener("load", () => {
    target.classList.remove("failed");
    note.remove();
    changed();
  });
}

/** Asks for the very same picture once more. */
export function reload(image: HTMLImageElement): void {
  const { src } = image;
  image.src = src;
}
