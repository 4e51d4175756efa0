/** An entry of the log in words, for the list beside the replay; null for what the list leaves out. */

import type { Entry, Modality } from "../../record/records.gen";
import { say } from "../../ui/words";

type Names = { picture: (id: string) => string; shown: (label: string) => string };
type Kind = Entry["k"];
type Of<K extends Kind> = Extract<Entry, { k: K }>;

const WORDS: { [K in Kind]: (entry: Of<K>, names: Names) => string | null } = {
  shown: () => say("did.shown"),
  layout: () => null,
  visibility: (entry) => say(entry.visible ? "did.visible" : "did.hidden"),
  focus: (entry) => say(entry.focused ? "did.focused" : "did.blurred"),
  hover: () => null,
  on_screen: () => null,
  image: (entry, names) => (entry.state === "failed" ? say("did.failed", { name: names.picture(entry.image) }) : null),
  pointer: (entry) => (entry.action === "cancel" ? say("did.cancel") + by(entry) : null),
  select: (entry, names) => say("did.select", { name: names.picture(entry.image) }) + by(entry),
  deselect: (entry, names) => say("did.deselect", { name: names.picture(entry.image) }) + by(entry),
  panel: (entry) => say("did.panel", { number: entry.panel + 1 }),
  add: (entry, names) => named("did.add", entry, names),
  move: (entry, names) => named("did.move", entry, names),
  remove: (entry, names) => named("did.remove", entry, names),
  pick: (entry, names) => named("did.pick", entry, names),
  put_back: (entry, names) => named("did.put_back", entry, names),
  decide: (entry, names) => named("did.decide", entry, names),
  stroke: (entry) => say(entry.tool === "brush" ? "did.brush" : "did.eraser") + by(entry),
  undo: (entry) => say("did.undo") + by(entry),
  redo: (entry) => say("did.redo") + by(entry),
  clear: (entry) => say("did.clear") + by(entry),
  health: (entry) => (entry.dropped ? say("did.dropped", { n: entry.dropped }) : null),
};

/** What an entry says, or null. */
export function describe(entry: Entry, names: Names): string | null {
  return (WORDS[entry.k] as (entry: Entry, names: Names) => string | null)(entry, names);
}

function named(key: Parameters<typeof say>[0], entry: { label: string; by?: By }, names: Names): string {
  return say(key, { name: names.shown(entry.label) }) + by(entry);
}

type By = Modality | null;

function by(entry: { by?: By }): string {
  return entry.by && entry.by !== "mouse" ? ` (${say(`by.${entry.by}`)})` : "";
}
