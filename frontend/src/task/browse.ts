/** Browse: a page of candidates; click those that show the class. */

import { Check as CheckMark } from "lucide";

import { fold } from "../fold/browse";
import type { Modality, Picture, Place } from "../record/records.gen";
import { say } from "../ui/words";
import { element, icon, property } from "./dom";
import { cellRatio, columnsOf, gridMove } from "./grid";
import { frame, imageOf, reload } from "./picture";
import { pictureBox, placeIn } from "./place";
import type { Check, Context, View } from "./task";

export function browse(context: Context): View {
  return new Browse(context);
}

class Browse implements View {
  readonly elements: readonly HTMLElement[];
  readonly images = new Map<string, HTMLImageElement>();
  private readonly tiles = new Map<string, HTMLButtonElement>();
  private readonly grid = element("ul", { class: "grid", role: "list", "aria-label": say("browse.grid") });

  constructor(private readonly context: Context) {
    const { pictures, condition } = context.page;
    property(this.grid, "cell", cellRatio(pictures));
    this.grid.classList.toggle("dotted", condition.pointer_dot === true);
    this.grid.classList.toggle("blurred", condition.blurred === true);
    this.grid.append(...pictures.map((picture) => element("li", {}, this.tile(picture))));
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.rove(this.order()[0]);
    if (condition.pointer_dot) this.grid.addEventListener("pointermove", (event) => this.followed(event));
    this.elements = [element("p", { class: "hint" }, hint(condition.blurred === true)), this.grid];
    this.show();
  }

  status(): string {
    const n = Object.keys(this.selected()).length;
    const failed = this.grid.querySelectorAll(".failed").length;
    const chosen = n === 0 ? say("browse.none_selected") : n === 1 ? say("browse.one_selected") : say("browse.selected", { n });
    return failed ? `${chosen}. ${say("browse.failed", { n: failed })}` : chosen;
  }

  check(): Check {
    if (Object.keys(this.selected()).length) return { may: "yes" };
    return { may: "ask", heading: say("browse.empty"), text: say("browse.empty_text") };
  }

  close(): void {}

  private tile(picture: Picture): HTMLButtonElement {
    const image = imageOf(picture);
    const tile = element(
      "button",
      { type: "button", class: "tile", "aria-pressed": "false", tabindex: -1, "data-picture": picture.id },
      image,
      element("span", { class: "dot" }),
      element("span", { class: "mark" }, icon(CheckMark)),
    );
    frame(tile, image, () => this.context.changed());
    tile.addEventListener("click", (event) => this.clicked(picture.id, event));
    tile.addEventListener("focus", () => this.rove(tile));
    this.images.set(picture.id, image);
    this.tiles.set(picture.id, tile);
    return tile;
  }

  private order(): HTMLButtonElement[] {
    return [...this.tiles.values()];
  }

  private selected(): Readonly<Record<string, Place | null>> {
    return fold(this.context.acts).selected;
  }

  private clicked(id: string, event: MouseEvent): void {
    const [tile, image] = [this.tiles.get(id)!, this.images.get(id)!];
    if (tile.classList.contains("failed")) return reload(image);
    const by = this.context.hand.of(event);
    if (by === "touch" && this.veiled(tile)) return this.unveil(tile);
    const { clientX, clientY } = this.context.hand.place(event);
    const at = by === "keyboard" ? null : placeIn(pictureBox(image), clientX, clientY, 1);
    this.toggle(id, by, at);
    this.show();
    this.context.changed();
  }

  private toggle(image: string, by: Modality, at: Place | null): void {
    const k = Object.hasOwn(this.selected(), image) ? "deselect" : "select";
    this.context.log(at ? { k, image, by, at } : { k, image, by });
  }

  /** A finger cannot hover: where pictures are blurred, its first tap makes one clear. */
  private veiled(tile: HTMLElement): boolean {
    return this.grid.classList.contains("blurred") && !tile.classList.contains("clear");
  }

  private unveil(tile: HTMLElement): void {
    for (const other of this.tiles.values()) other.classList.toggle("clear", other === tile);
  }

  /** Brings the tiles in line with the answer so far. */
  private show(): void {
    const selected = this.selected();
    for (const [id, tile] of this.tiles) {
      const place = selected[id];
      tile.setAttribute("aria-pressed", String(Object.hasOwn(selected, id)));
      tile.classList.toggle("placed", place != null);
      if (place) this.dot(tile, place);
    }
  }

  private followed(event: PointerEvent): void {
    const tile = event.target instanceof Element ? event.target.closest<HTMLElement>(".tile") : null;
    if (!tile || tile.classList.contains("placed")) return;
    const place = placeIn(tile.getBoundingClientRect(), event.clientX, event.clientY);
    if (place) this.dot(tile, place);
  }

  private dot(tile: HTMLElement, [x, y]: Place): void {
    property(tile, "x", `${100 * x}%`);
    property(tile, "y", `${100 * y}%`);
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const tiles = this.order();
    const at = tiles.findIndex((tile) => tile === document.activeElement);
    const to = gridMove(event.key, at, tiles.length, columnsOf([...this.grid.children] as HTMLElement[]));
    if (at < 0 || to === null) return;
    event.preventDefault();
    tiles[to]!.focus();
    tiles[to]!.scrollIntoView({ block: "nearest" });
  }

  /** One tile at a time can be reached by Tab; arrow keys go on from there. */
  private rove(to: HTMLElement | undefined): void {
    for (const tile of this.tiles.values()) tile.tabIndex = tile === to ? 0 : -1;
  }
}

function hint(blurred: boolean): string {
  const fine = matchMedia("(pointer: fine)").matches;
  const how = say(fine ? "browse.hint" : "browse.hint_touch");
  return blurred ? `${how} ${say("browse.hint_blurred")}` : how;
}
