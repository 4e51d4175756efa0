/** Paint: decide what a picture shows, and paint what tells so. The order is the person's; the log keeps it. */

import { Brush, Eraser, Redo2, Trash2, Undo2 } from "lucide";

import { fold } from "../fold/paint";
import type { Modality, Stroke } from "../record/records.gen";
import { say } from "../ui/words";
import { Canvas } from "./canvas";
import { Chooser } from "./chooser";
import { button, element } from "./dom";
import { holdTouches } from "./drag";
import { isMade, pointer } from "./modality";
import { cellOf, depth, extend, type Grid, MOST_POINTS, PARTS, radiusOf } from "./stroke";
import type { Check, Context, View } from "./task";

/** Brush diameters, as a share of the picture's longer side. */
const SIZES = [0.02, 0.035, 0.06, 0.1, 0.16, 0.25];

/** The stroke that is being drawn: its pointer, and its points so far. */
interface Drawing {
  id: number;
  by: Modality;
  tool: Stroke["tool"];
  radius: number;
  cells: number[];
}

export function paint(context: Context): View {
  return new Paint(context);
}

class Paint implements View {
  readonly elements: readonly HTMLElement[];
  readonly images: ReadonlyMap<string, HTMLImageElement>;
  private readonly grid: Grid;
  private readonly canvas: Canvas;
  private readonly chooser: Chooser;
  private readonly brush = button(say("paint.brush"), Brush, { kind: "toggle" });
  private readonly eraser = button(say("paint.eraser"), Eraser, { kind: "toggle" });
  private readonly undo = button(say("paint.undo"), Undo2);
  private readonly redo = button(say("paint.redo"), Redo2);
  private readonly clear = button(say("paint.clear"), Trash2);
  private readonly size = element("input", { type: "range", min: 0, max: SIZES.length - 1, value: 2 });
  private tool: Stroke["tool"] = "brush";
  private drawing: Drawing | null = null;
  /** Where the keyboard's brush is, in 1/16 of a cell. */
  private at: [number, number];
  private readonly decision = element("p", { class: "missing", role: "alert" });

  constructor(private readonly context: Context) {
    const { grid, pictures, classes } = context.page;
    this.grid = grid;
    this.at = [(PARTS * grid[0]) / 2, (PARTS * grid[1]) / 2];
    this.canvas = new Canvas(pictures[0]!, grid, () => context.changed());
    this.images = new Map([[pictures[0]!.id, this.canvas.image]]);
    this.chooser = new Chooser(classes, context.hand, (label, by) => this.act({ k: "decide", label, by }));
    const stage = element("div", { class: "stage" }, this.canvas.figure);
    this.elements = [stage, this.toolbox()];
    this.listen();
    this.choose("brush");
    this.rebuild();
  }

  status(): string {
    const { covered } = this.canvas;
    const percent = (100 * covered).toFixed(covered > 0 && covered < 0.1 ? 1 : 0);
    return say("paint.covered", { percent });
  }

  check(): Check {
    this.decision.textContent = this.label ? "" : say("paint.undecided");
    if (!this.label) {
      this.chooser.focus();
      return { may: "no", because: say("paint.undecided") };
    }
    if (this.canvas.covered > 0) return { may: "yes" };
    return { may: "ask", heading: say("paint.empty"), text: say("paint.empty_text") };
  }

  close(): void {
    document.removeEventListener("keydown", this.shortcut);
  }

  /** The class decided; "" while there is none. */
  private get label(): string {
    const last = this.context.acts.findLast((act) => act.k === "decide");
    return last?.k === "decide" ? last.label : "";
  }

  private get radius(): number {
    return radiusOf(SIZES[Number(this.size.value)]!, this.grid);
  }

  private toolbox(): HTMLElement {
    const size = element("label", { class: "size" }, element("span", {}, say("paint.size")), this.size);
    const tools = element("div", { class: "toolbar", role: "group", "aria-label": say("paint.tools") });
    tools.append(this.brush, this.eraser, size, this.undo, this.redo, this.clear);
    const hint = element("p", { class: "hint" }, say("paint.hint"));
    return element("div", { class: "tools" }, hint, this.chooser.element, this.decision, tools);
  }

  private listen(): void {
    const { surface } = this.canvas;
    holdTouches(surface);
    surface.addEventListener("pointerdown", (event) => this.pressed(event));
    surface.addEventListener("pointermove", (event) => this.moved(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      surface.addEventListener(end, (event) => this.lifted(event));
    }
    surface.addEventListener("keydown", (event) => this.keyed(event));
    surface.addEventListener("focus", () => this.canvas.point(...this.at, this.radius));
    this.size.addEventListener("input", () => this.canvas.point(...this.at, this.radius));
    this.brush.addEventListener("click", () => this.choose("brush"));
    this.eraser.addEventListener("click", () => this.choose("eraser"));
    for (const k of ["undo", "redo", "clear"] as const) {
      this[k].addEventListener("click", (event) => this.step(k, this.context.hand.of(event)));
    }
    document.addEventListener("keydown", this.shortcut);
  }

  private choose(tool: Stroke["tool"]): void {
    this.tool = tool;
    this.brush.setAttribute("aria-pressed", String(tool === "brush"));
    this.eraser.setAttribute("aria-pressed", String(tool === "eraser"));
    this.canvas.figure.classList.toggle("erasing", tool === "eraser");
  }

  private act(act: Parameters<Context["log"]>[0]): void {
    this.context.log(act);
    this.show();
  }

  /** Undo, redo, clear: events like any other; nothing is deleted. */
  private step(k: "undo" | "redo" | "clear", by: Modality): void {
    const can = depth(this.context.acts);
    if (this.drawing) return;
    if (k === "clear" ? this.canvas.covered === 0 : can[k] === 0) return;
    this.context.log({ k, by });
    this.rebuild();
  }

  /** Draws the mask anew from everything done so far. */
  private rebuild(): void {
    this.canvas.show(fold(this.context.acts, this.grid).runs);
    this.show();
  }

  private show(): void {
    const can = depth(this.context.acts);
    this.chooser.show(this.label);
    if (this.label) this.decision.textContent = "";
    this.undo.setAttribute("aria-disabled", String(can.undo === 0));
    this.redo.setAttribute("aria-disabled", String(can.redo === 0));
    this.clear.setAttribute("aria-disabled", String(this.canvas.covered === 0));
    this.context.changed();
  }

  private pressed(event: PointerEvent): void {
    // A tap that an assistive tool makes up in the middle is not a place that somebody pointed at.
    if (event.button !== 0 || this.drawing || isMade(event)) return;
    this.canvas.surface.setPointerCapture(event.pointerId);
    const { tool, radius } = this;
    this.drawing = { id: event.pointerId, by: pointer(event.pointerType), tool, radius, cells: [] };
    this.follow(event);
  }

  private moved(event: PointerEvent): void {
    this.at = cellOf(this.canvas.box, this.grid, event.clientX, event.clientY);
    this.canvas.point(...this.at, this.radius);
    if (event.pointerId !== this.drawing?.id) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) this.follow(one);
  }

  /** Takes one more point into the stroke, and draws what it adds. */
  private follow({ clientX, clientY }: PointerEvent): void {
    const stroke = this.drawing!;
    if (!extend(stroke.cells, cellOf(this.canvas.box, this.grid, clientX, clientY))) return;
    const end = stroke.cells.slice(-4);
    this.canvas.draw({ ...stroke, cells: end });
    if (stroke.cells.length < 2 * MOST_POINTS) return;
    this.finish(stroke);
    this.drawing = { ...stroke, cells: end.slice(-2) };
  }

  private lifted(event: PointerEvent): void {
    const stroke = this.drawing;
    if (!stroke || event.pointerId !== stroke.id) return;
    this.drawing = null;
    if (stroke.cells.length) this.finish(stroke);
  }

  private finish({ tool, radius, cells, by }: Drawing): void {
    this.act({ k: "stroke", tool, radius, cells, by });
  }

  private keyed(event: KeyboardEvent): void {
    const step = event.shiftKey ? PARTS : Math.max(PARTS, Math.round(PARTS * this.radius));
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || !(by || event.key === " ")) return;
    event.preventDefault();
    if (by) this.at = this.at.map((v, axis) => Math.min(PARTS * this.grid[axis]!, Math.max(0, v + by[axis]!))) as [number, number];
    else this.stamp();
    this.canvas.point(...this.at, this.radius);
  }

  private stamp(): void {
    const stroke = { tool: this.tool, radius: this.radius, cells: [...this.at] };
    this.canvas.draw(stroke);
    this.act({ k: "stroke", ...stroke, by: "keyboard" });
  }

  private readonly shortcut = (event: KeyboardEvent): void => {
    if (document.querySelector("dialog[open]") || this.drawing || event.altKey) return;
    const key = `${event.ctrlKey || event.metaKey ? "ctrl " : ""}${event.shiftKey ? "shift " : ""}${event.key.toLowerCase()}`;
    const act: Record<string, () => void> = {
      "ctrl z": () => this.step("undo", "keyboard"),
      "ctrl shift z": () => this.step("redo", "keyboard"),
      "ctrl y": () => this.step("redo", "keyboard"),
      b: () => this.choose("brush"),
      e: () => this.choose("eraser"),
    };
    const typing = event.target instanceof Element && event.target.closest("select, textarea, input[type=text]");
    if (typing || !Object.hasOwn(act, key)) return;
    event.preventDefault();
    act[key]!();
  };
}
