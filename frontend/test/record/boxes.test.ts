import { expect, it } from "vitest";

import { boxesAfter } from "../../src/record/boxes";
import type { Layout } from "../../src/record/records.gen";

function layout(scroll: [number, number], images: Layout["images"]): Layout {
  return { k: "layout", t: 0, i: 0, view: [800, 600], scroll, zoom: 1, dpr: 1, images };
}

it("pictures that an entry does not name moved with the document", () => {
  const first = layout([0, 10], { a: [10, 300, 80, 60], b: [100, 300, 80, 60] });
  const boxes = boxesAfter({}, null, first);
  expect(boxesAfter(boxes, first, layout([5, 130], { b: [1, 2, 3, 4] }))).toEqual({ a: [5, 180, 80, 60], b: [1, 2, 3, 4] });
});
