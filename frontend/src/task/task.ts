/** What every task's view is to the page around it. Views are plain DOM: no pointer data in reactive state. */

import type { Act } from "../fold/act";
import type { PageSpec } from "../record/records.gen";
import type { Hand } from "./modality";

/** What a view is given. */
export interface Context {
  page: PageSpec;
  /** Everything done on this page so far, earlier segments included; `log` adds to it. */
  acts: readonly Act[];
  log(act: Act): void;
  /** Knows with what the last thing was done. */
  hand: Hand;
  /** The view has moved pictures about: their places must be read anew. */
  relayout(): void;
  /** The view's status line is another now. */
  changed(): void;
}

/**
 * Whether a page may be submitted: yes; no, because; or yes, if the person says once more that she means it.
 */
export type Check =
  | { may: "yes" }
  | { may: "no"; because: string }
  | { may: "ask"; heading: string; text: string };

/** A task on the screen. */
export interface View {
  /** Replaces the contents of the page's task area. */
  readonly elements: readonly HTMLElement[];
  /** Picture id -> its element, for the recorder. */
  readonly images: ReadonlyMap<string, HTMLImageElement>;
  /** One short line: "3 selected". */
  status(): string;
  /** Called when the person wants to submit; may point at what is missing. */
  check(): Check;
  close(): void;
}
