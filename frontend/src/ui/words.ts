/** Which language the pages speak, and how a text is looked up in it. */

import { de } from "./de";
import { en, type Words } from "./en";

/** Language tag -> its texts. The campaign's own texts (instructions, consent) may be in any language. */
const TABLES: Record<string, Words> = { en, de };

let words: Words = en;

/**
 * Speaks the first wanted language that there is a table for ("de-AT" finds "de"), else English; names it to the browser.
 *
 * @returns the tag of the language spoken.
 */
export function speak(wanted: readonly string[]): string {
  const known = wanted.map((tag) => tag.toLowerCase().split("-")[0]!).find((tag) => Object.hasOwn(TABLES, tag)) ?? "en";
  words = TABLES[known]!;
  if (typeof document !== "undefined") document.documentElement.lang = known;
  return known;
}

/** The text of a key, with `{name}` filled in from `values`. */
export function say(key: keyof Words, values: Record<string, string | number> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
