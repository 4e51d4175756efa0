/** Filters of a list, kept in the address. */

import type { JSX } from "preact";

import { link } from "./route";

export interface Filter {
  name: string;
  title: string;
  /** What may be chosen, value -> words; text is typed when there is nothing to choose. */
  choices?: Record<string, string>;
}

export const YES_NO = { "": "any", true: "yes", false: "no" };

export function Filters({ screen, filters, query }: { screen: string; filters: Filter[]; query: Record<string, string> }): JSX.Element {
  const set = (name: string, value: string): void => {
    location.hash = link(screen, "", { ...query, [name]: value.trim() });
  };
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {filters.map(({ name, title, choices }) => (
        <label key={name}>
          {title}
          {choices ? (
            <select value={query[name] ?? ""} onChange={(event) => set(name, event.currentTarget.value)}>
              {Object.entries(choices).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          ) : (
            <input type="search" value={query[name] ?? ""} onChange={(event) => set(name, event.currentTarget.value)} />
          )}
        </label>
      ))}
    </form>
  );
}
