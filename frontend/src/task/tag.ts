/** Tag: put the icon of every class that is in the picture onto its object. */

import { ZoomIn } from "lucide";

import { fold } from "../fold/tag";
import type { Modality, Place, TagAnswer } from "../record/records.gen";
import { say } from "../ui/words";
import { Board } from "./board";
import { Chips } from "./chips";
import { button, element, property } from "./dom";
import { draggable } from "./drag";
import { Lens } from "./lens";
import { drawn, type Sign, signs } from "./letters";
import { type Hand, pointer } from "./modality";
import { clientOf, placeIn } from "./place";
import type { Check, Context, View } from "./task";
import { Tray } from "./tray";

/** An icon let go this close outside the picture, in px, still lies on its edge. */
const GRACE = 12;

export function tag(context: Context): View {
  return new Tag(context);
}

class Tag implements View {
  readonly elements: readonly HTMLElement[];
  readonly images: ReadonlyMap<string, HTMLImageElement>;
  private readonly signs: Map<string, Sign>;
  private readonly board: Board;
  private readonly tray: Tray;
  private readonly chips: Chips;
  private readonly lens: Lens;
  private readonly stage = element("div", { class: "stage" });
  private readonly tools = element("div", { class: "tools" });
  private readonly magnify = button(say("tag.magnifier"), ZoomIn, { kind: "toggle" });
  private readonly notice = element("p", { class: "notice", role: "status" });
  private readonly missing = element("div", { class: "missing", role: "alert" });
  private armed: string | null = null;

  constructor(private readonly context: Context) {
    const { panels, pictures } = context.page;
    this.signs = signs(panels);
    this.board = new Board(pictures[0]!, (pin, sign) => this.pinMade(pin, sign), () => context.changed());
    this.images = new Map([[pictures[0]!.id, this.board.image]]);
    this.tray = new Tray(panels, this.signs, {
      opened: (panel, event) => this.opened(panel, byOf(event, this.context.hand)),
      made: (tile, sign) => this.tileMade(tile, sign),
    });
    this.chips = new Chips(this.signs, (label, event) => this.remove(label, this.context.hand.of(event)));
    this.lens = new Lens(this.board.image, this.board.figure);
    const keys = matchMedia("(pointer: fine)").matches ? ` ${say("tag.hint_keys")}` : "";
    this.stage.append(this.board.figure, element("div", { class: "below" }, this.notice, this.magnify));
    const hint = element("p", { class: "hint" }, say("tag.hint") + keys);
    this.tools.append(this.missing, this.tray.element, this.chips.element, hint);
    this.elements = [this.stage, this.tools, this.lens.glass];
    this.listen();
    this.begin();
  }

  status(): string {
    return say("tag.seen", { number: this.answer.panels.length, of: this.context.page.panels.length });
  }

  check(): Check {
    const unseen = this.unseen();
    this.point(unseen);
    if (unseen.length) {
      const names = unseen.map((panel) => this.context.page.panels[panel]!.name).join(", ");
      return { may: "no", because: `${say("tag.missing")} ${names}` };
    }
    if (Object.keys(this.answer.icons).length) return { may: "yes" };
    return { may: "ask", heading: say("tag.empty"), text: say("tag.empty_text") };
  }

  close(): void {
    document.removeEventListener("keydown", this.keyed);
  }

  private get answer(): TagAnswer {
    return fold(this.context.acts);
  }

  private listen(): void {
    document.addEventListener("keydown", this.keyed);
    this.magnify.setAttribute("aria-pressed", "false");
    this.magnify.addEventListener("click", () => this.magnified());
    this.board.figure.addEventListener("click", (event) => this.clicked(event));
  }

  /** Opens the panel where the person was, else the first; the page does it, so nobody's modality is stored. */
  private begin(): void {
    const last = this.context.acts.findLast((act) => act.k === "panel");
    this.tray.open(last && last.k === "panel" ? last.panel : 0);
    this.context.log({ k: "panel", panel: this.tray.panel });
    this.show();
  }

  private unseen(): number[] {
    const { panels } = this.answer;
    return this.context.page.panels.map((_, panel) => panel).filter((panel) => !panels.includes(panel));
  }

  /** Names the panels that have not been seen, a button each. */
  private point(unseen: readonly number[]): void {
    const go = unseen.map((panel) => {
      const { name } = this.context.page.panels[panel]!;
      const to = element("button", { type: "button", class: "button quiet" }, name);
      to.addEventListener("click", (event) => this.tray.step(panel - this.tray.panel, event));
      return to;
    });
    this.missing.replaceChildren(...(go.length ? [element("p", {}, say("tag.missing")), ...go] : []));
    if (go.length) this.missing.scrollIntoView({ block: "nearest" });
  }

  private opened(panel: number, by: Modality): void {
    this.context.log({ k: "panel", panel, by });
    if (this.missing.hasChildNodes()) this.point(this.unseen());
    this.show();
    this.context.relayout();
  }

  private show(): void {
    const { icons, panels } = this.answer;
    this.board.show(icons, this.signs);
    this.chips.show(icons);
    this.tray.show(panels, (label) => Object.hasOwn(icons, label), this.armed);
    this.stage.classList.toggle("armed", this.armed !== null);
    this.notice.textContent = this.armed ? say("tag.armed", { name: this.shown(this.armed) }) : "";
    this.context.changed();
  }

  private shown(label: string): string {
    return this.signs.get(label)!.shown;
  }

  private tileMade(tile: HTMLButtonElement, sign: Sign): void {
    const ghost = element("div", { class: "ghost" }, drawn(sign));
    const follow = ({ clientX, clientY, pointerType }: PointerEvent): void => {
      property(ghost, "x", `${clientX}px`);
      property(ghost, "y", `${clientY}px`);
      this.lens.over(clientX, clientY, pointerType !== "mouse");
    };
    const end = (): void => (ghost.remove(), this.lens.away(), tile.classList.remove("lifted"));
    draggable(tile, {
      start: (event) => {
        this.disarm(pointer(event.pointerType));
        this.context.log({ k: "pick", label: sign.name, by: pointer(event.pointerType) });
        tile.classList.add("lifted");
        document.body.append(ghost);
      },
      move: follow,
      drop: (event) => {
        end();
        this.put(sign.name, pointer(event.pointerType), placeIn(this.board.box, event.clientX, event.clientY, GRACE));
      },
      cancel: (event) => (end(), this.putBack(sign.name, byOf(event, this.context.hand))),
    });
    tile.addEventListener("click", (event) => this.chosen(sign.name, this.context.hand.of(event)));
  }

  private pinMade(pin: HTMLButtonElement, { name: label }: Sign): void {
    // From the pointer to the icon's centre: an icon grasped at its edge does not jump.
    let [dx, dy] = [0, 0];
    const centre = (event: PointerEvent, grace: number): Place | null =>
      placeIn(this.board.box, event.clientX + dx, event.clientY + dy, grace);
    const end = (): void => (pin.classList.remove("lifted", "leaving"), this.lens.away());
    draggable(pin, {
      start: (event, from) => {
        const [x, y] = clientOf(this.board.box, this.answer.icons[label]!);
        [dx, dy] = [x - from.x, y - from.y];
        this.disarm(pointer(event.pointerType));
        this.context.log({ k: "pick", label, by: pointer(event.pointerType) });
        pin.classList.add("lifted");
      },
      move: (event) => {
        const { left, top, width, height } = this.board.box;
        this.board.lay(pin, [(event.clientX + dx - left) / width, (event.clientY + dy - top) / height]);
        pin.classList.toggle("leaving", centre(event, GRACE) === null);
        this.lens.over(event.clientX + dx, event.clientY + dy, event.pointerType !== "mouse");
      },
      drop: (event) => {
        end();
        const [at, by] = [centre(event, GRACE), pointer(event.pointerType)];
        if (at) this.context.log({ k: "move", label, by, at });
        else this.context.log({ k: "remove", label, by });
        this.show();
      },
      cancel: (event) => (end(), this.putBack(label, byOf(event, this.context.hand))),
    });
    pin.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") this.remove(label, "keyboard");
    });
  }

  /** A tile was chosen by a click: armed, or laid down again. By keyboard the class is marked as present, or no longer. */
  private chosen(label: string, by: Modality): void {
    if (by === "keyboard") return this.marked(label);
    const again = this.armed === label;
    this.disarm(by);
    if (!again) {
      this.context.log({ k: "pick", label, by });
      this.armed = label;
    }
    this.show();
  }

  private marked(label: string): void {
    this.disarm("keyboard");
    if (Object.hasOwn(this.answer.icons, label)) return this.remove(label, "keyboard");
    this.context.log({ k: "add", label, by: "keyboard" });
    this.show();
    this.notice.textContent = say("tag.added", { name: this.shown(label) });
  }

  /** A click on the picture, or on an icon there: puts down the armed one. */
  private clicked(event: MouseEvent): void {
    if (this.armed === null || event.detail === 0) return;
    const { clientX, clientY } = this.context.hand.place(event);
    const at = placeIn(this.board.box, clientX, clientY, GRACE);
    const label = this.armed;
    this.armed = null;
    this.put(label, this.context.hand.of(event), at);
  }

  private put(label: string, by: Modality, at: Place | null): void {
    if (!at || by === "keyboard") return this.putBack(label, by);
    this.context.log({ k: "add", label, by, at });
    this.show();
  }

  private putBack(label: string, by: Modality): void {
    this.context.log({ k: "put_back", label, by });
    this.show();
  }

  private remove(label: string, by: Modality): void {
    const inside = this.board.of(label) === document.activeElement || this.chips.element.contains(document.activeElement);
    this.context.log({ k: "remove", label, by });
    this.show();
    this.notice.textContent = say("tag.removed", { name: this.shown(label) });
    if (inside) this.tools.querySelector<HTMLElement>(".class-tile[tabindex='0']")?.focus();
  }

  private disarm(by: Modality): void {
    if (this.armed === null) return;
    const label = this.armed;
    this.armed = null;
    this.putBack(label, by);
  }

  private magnified(): void {
    this.lens.toggle();
    this.magnify.setAttribute("aria-pressed", String(this.lens.active));
    this.stage.classList.toggle("magnified", this.lens.active);
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    const { target } = event;
    const typing = target instanceof Element && target.closest("input, textarea, select, dialog");
    if (typing || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const act: Record<string, () => void> = {
      ArrowLeft: () => this.tray.step(-1, event),
      ArrowRight: () => this.tray.step(1, event),
      m: () => this.magnified(),
      Escape: () => this.disarm("keyboard"),
    };
    if (!Object.hasOwn(act, event.key)) return;
    event.preventDefault();
    act[event.key]!();
  };
}

function byOf(event: Event, hand: Hand): Modality {
  if (event instanceof PointerEvent && event.type !== "click") return pointer(event.pointerType);
  return event instanceof MouseEvent ? hand.of(event) : "keyboard";
}
