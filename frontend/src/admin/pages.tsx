/** Pages of assignments; each opens in detail, with its replay. */

import type { JSX } from "preact";

import { Filters, YES_NO } from "./filters";
import { Pager, Shown, useList } from "./loaded";
import { link } from "./route";
import type { PageRow } from "./view.gen";
import { duration, when } from "./words";

const FILTERS = [
  { name: "session", title: "Annotator" },
  { name: "state", title: "State", choices: { "": "submitted", shown: "on a screen", waiting: "ahead of somebody" } },
  { name: "complete", title: "Complete", choices: YES_NO },
  { name: "agrees", title: "Answer = log", choices: YES_NO },
  { name: "late", title: "Late", choices: YES_NO },
];

export function Pages({ query }: { query: Record<string, string> }): JSX.Element {
  const list = useList<PageRow>("pages", query);
  return (
    <>
      <h1>Pages</h1>
      <Filters screen="pages" filters={FILTERS} query={query} />
      <Shown loaded={list}>
        {({ rows }) => (
          <div class="table" tabIndex={0} role="region" aria-label="Pages">
            <table>
              <thead>
                <tr>
                  <th>Page</th>
                  <th>Annotator</th>
                  <th class="number">Number</th>
                  <th>State</th>
                  <th>Submitted</th>
                  <th class="number">Active</th>
                  <th>Notes</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id}>
                    <th scope="row">
                      <a href={link("pages", row.id)}>{row.id}</a>
                    </th>
                    <td>{row.session}</td>
                    <td class="number">{row.number}</td>
                    <td>{row.state}</td>
                    <td class="time">{when(row.submitted_at)}</td>
                    <td class="number">{row.active_ms === null ? "–" : duration(row.active_ms)}</td>
                    <td>
                      <Notes row={row} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {rows.length === 0 && <p class="note">None.</p>}
          </div>
        )}
      </Shown>
      <Pager list={list} />
    </>
  );
}

export function Notes({ row }: { row: PageRow }): JSX.Element {
  const notes = [row.complete === false && "incomplete", row.agrees === false && "answer differs from its log", row.late && "late"];
  return (
    <>
      {notes.filter(Boolean).map((note) => (
        <span key={note} class="flag">
          {note}
        </span>
      ))}
    </>
  );
}
