/** An entry of the log in words, for the list beside the replay; null for what the list leaves out. */

import type { Entry } from "../../record/records.gen";

type Names = { picture: (id: string) => string; shown: (label: string) => string };
type Kind = Entry["k"];
type Of<K extends Kind> = Extract<Entry, { k: K }>;

const WORDS: { [K in Kind]: (entry: Of<K>, names: Names) => string | null } = {
  shown: () => "page shown",
  layout: () => null,
  visibility: (entry) => (entry.visible ? "page visible again" : "page hidden"),
  focus: (entry) => (entry.focused ? "window has the focus" : "window lost the focus"),
  hover: () => null,
  on_screen: () => null,
  image: (entry, names) => (entry.state === "failed" ? `${names.picture(entry.image)} could not be loaded` : null),
  pointer: (entry) => (entry.action === "cancel" ? `pointer taken away (${entry.by})` : null),
  select: (entry, names) => `selected ${names.picture(entry.image)}${by(entry)}`,
  deselect: (entry, names) => `de-selected ${names.picture(entry.image)}${by(entry)}`,
  panel: (entry) => `panel ${entry.panel + 1} opened`,
  add: (entry, names) => `put ${names.shown(entry.label)}${by(entry)}`,
  move: (entry, names) => `moved ${names.shown(entry.label)}${by(entry)}`,
  remove: (entry, names) => `removed ${names.shown(entry.label)}${by(entry)}`,
  pick: (entry, names) => `picked up ${names.shown(entry.label)}${by(entry)}`,
  put_back: (entry, names) => `let go of ${names.shown(entry.label)}${by(entry)}`,
  decide: (entry, names) => `decided: ${names.shown(entry.label)}${by(entry)}`,
  stroke: (entry) => `${entry.tool} stroke${by(entry)}`,
  undo: (entry) => `undo${by(entry)}`,
  redo: (entry) => `redo${by(entry)}`,
  clear: (entry) => `cleared${by(entry)}`,
  health: (entry) => (entry.dropped ? `recorder dropped ${entry.dropped} samples` : null),
};

/** What an entry says, or null. */
export function describe(entry: Entry, names: Names): string | null {
  return (WORDS[entry.k] as (entry: Entry, names: Names) => string | null)(entry, names);
}

function by(entry: { by?: string | null }): string {
  return entry.by && entry.by !== "mouse" ? ` (${entry.by})` : "";
}
