/** The next page's pictures, loaded into the browser's cache while this page is at work, so that nobody waits for them. */

import * as api from "./api";

/**
 * Asks for them once this page's own pictures are there, or have failed. They are in no document and on no page's record;
 * what cannot be had now is loaded when its page comes.
 */
export async function loadAhead(token: string, images: Iterable<HTMLImageElement>): Promise<void> {
  await Promise.all(Array.from(images, settled));
  const { pictures } = await api.ahead(token).catch(() => ({ pictures: [] }));
  for (const address of pictures) new Image().src = address;
}

function settled(image: HTMLImageElement): Promise<unknown> | true {
  return image.complete || new Promise((done) => ["load", "error"].forEach((kind) => image.addEventListener(kind, done)));
}
