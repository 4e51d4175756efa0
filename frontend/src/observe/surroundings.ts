/** What happens around the labelling: the page hidden, the window without focus, pictures that load, fail or come into view. */

import type { Sink } from "../record/sink";

/** Share of a picture that must be in view for it to count as seen. */
const SEEN = 0.5;

export class Surroundings {
  private readonly ids: Map<Element, string>;
  private onScreen: IntersectionObserver | null = null;

  constructor(
    private readonly sink: Sink,
    private readonly root: HTMLElement,
    private readonly images: ReadonlyMap<string, HTMLImageElement>,
  ) {
    this.ids = new Map([...images].map(([id, image]) => [image, id]));
  }

  watch(): void {
    const { sink } = this;
    sink.listen(window, "visibilitychange", ({ timeStamp }) => {
      sink.write({ k: "visibility", visible: !document.hidden }, timeStamp);
    });
    for (const [type, focused] of [["focus", true], ["blur", false]] as const) {
      sink.listen(window, type, ({ target, timeStamp }) => {
        if (!(target instanceof Node)) sink.write({ k: "focus", focused }, timeStamp);
      });
    }
    for (const [type, state] of [["load", "loaded"], ["error", "failed"]] as const) {
      sink.listen(this.root, type, ({ target, timeStamp }) => {
        const image = this.ids.get(target as Element);
        if (image !== undefined) sink.write({ k: "image", image, state }, timeStamp);
      });
    }
    sink.signal.addEventListener("abort", () => this.onScreen?.disconnect());
  }

  /** A new segment: how things are at its beginning. */
  begin(timeStamp: number): void {
    this.sink.write({ k: "focus", focused: document.hasFocus() }, timeStamp);
    if (document.hidden) this.sink.write({ k: "visibility", visible: false }, timeStamp);
    for (const [image, { complete, naturalWidth, src }] of this.images) {
      if (complete && src !== "") this.sink.write({ k: "image", image, state: naturalWidth > 0 ? "loaded" : "failed" }, timeStamp);
    }
    this.observe();
  }

  /** A new observer tells of every picture once, of those in view in the first place. */
  private observe(): void {
    this.onScreen?.disconnect();
    const seen = new Set<string>();
    const tell = (changes: IntersectionObserverEntry[]): void => {
      for (const { target, intersectionRatio, isIntersecting, time } of changes) {
        const image = this.ids.get(target)!;
        const now = isIntersecting && intersectionRatio >= SEEN;
        if (now === seen.has(image)) continue;
        if (now) seen.add(image);
        else seen.delete(image);
        this.sink.write({ k: "on_screen", image, seen: now }, time);
      }
    };
    this.onScreen = new IntersectionObserver((changes) => this.sink.timed(() => tell(changes)), { threshold: SEEN });
    for (const image of this.images.values()) this.onScreen.observe(image);
  }
}
