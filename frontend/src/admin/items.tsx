/** The campaign's pictures, a page of the list at a time, however many there are. */

import type { JSX } from "preact";

import { address } from "./api";
import { Filters, YES_NO } from "./filters";
import { Pager, Shown, useList } from "./loaded";
import type { Item } from "./view.gen";

const FILTERS = [
  { name: "pool", title: "Pool", choices: { "": "any", images: "images", distractors: "distractors" } },
  { name: "label", title: "Class" },
  { name: "gold", title: "Gold", choices: YES_NO },
];

export function Items({ query }: { query: Record<string, string> }): JSX.Element {
  const list = useList<Item>("items", query);
  return (
    <>
      <h1>Pictures</h1>
      <Filters screen="items" filters={FILTERS} query={query} />
      <Shown loaded={list}>
        {({ rows }) => (
          <ul class="pictures">
            {rows.map((row) => (
              <li key={row.id}>
                <img src={address(`pictures/${encodeURIComponent(row.id)}`)} width={row.width} height={row.height} alt="" loading="lazy" decoding="async" />
                <b>{row.label || "–"}</b>
                <small>
                  {row.pool}
                  {row.gold && " · gold"} · {row.id}
                </small>
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <Pager list={list} />
    </>
  );
}
