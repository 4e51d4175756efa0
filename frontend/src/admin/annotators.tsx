/** Who labels, how it goes, and what stands out. Flags are a reason to look; they exclude nobody and change no pay. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { get, post } from "./api";
import { Pager, Shown, useList } from "./loaded";
import { link } from "./route";
import type { Annotator, Me, Screened } from "./view.gen";
import { duration, percent, when } from "./words";

export function Annotators({ me }: { me: Me }): JSX.Element {
  const list = useList<Annotator>("annotators", {});
  const screened = useScreening(list.value?.rows ?? NOBODY);
  return (
    <>
      <h1>Annotators</h1>
      <p class="note">
        Everybody goes by a random pseudonym. Flags are for screening only: touch, tremor, assistive technology and plain speed look alike. Nothing is
        excluded by itself, and nothing here changes what anybody is paid.
      </p>
      <Shown loaded={list}>
        {({ rows }) => (
          <div class="table" tabIndex={0} role="region" aria-label="Annotators">
            <table>
              <thead>
                <tr>
                  <th>Pseudonym</th>
                  <th>Stage</th>
                  <th class="number">Pages</th>
                  <th class="number">Time a page</th>
                  <th class="number">Time a decision</th>
                  <th class="number">Agreement</th>
                  <th class="number">Clicks in gold boxes</th>
                  <th>Worth a look</th>
                  {me.role === "admin" && <th>Screening</th>}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Row key={row.session} row={row} screened={screened.get(row.session)} me={me} changed={list.again} />
                ))}
              </tbody>
            </table>
            {rows.length === 0 && <p class="note">Nobody yet.</p>}
          </div>
        )}
      </Shown>
      <Pager list={list} />
    </>
  );
}

const NOBODY: readonly Annotator[] = [];

/** Looks at people's recordings, one after the other: each takes the service a moment the first time. */
function useScreening(rows: readonly Annotator[]): ReadonlyMap<string, Screened> {
  const [screened, setScreened] = useState<ReadonlyMap<string, Screened>>(new Map());
  useEffect(() => {
    let wanted = true;
    void (async () => {
      for (const { session, pages } of rows) {
        if (!wanted || pages === 0) continue;
        const one = await get<Screened>(`annotators/${encodeURIComponent(session)}/screening`).catch(() => null);
        if (wanted && one) setScreened((known) => new Map(known).set(session, one));
      }
    })();
    return () => {
      wanted = false;
    };
  }, [rows]);
  return screened;
}

function Row({ row, screened, me, changed }: { row: Annotator; screened?: Screened; me: Me; changed: () => void }): JSX.Element {
  return (
    <tr class={row.excluded ? "out" : undefined}>
      <th scope="row">
        <a href={link("pages", "", { session: row.session })} title={`since ${when(row.created_at)}`}>
          {row.session}
        </a>
      </th>
      <td>{row.state}</td>
      <td class="number">
        {row.pages}
        {row.complete < row.pages && <small> ({row.pages - row.complete} incomplete)</small>}
      </td>
      <td class="number">{row.page_ms === null ? "–" : duration(row.page_ms)}</td>
      <td class="number">{screened?.decision_ms == null ? "–" : `${(screened.decision_ms / 1000).toFixed(1)} s`}</td>
      <td class="number">{percent(row.agreement)}</td>
      <td class="number">{percent(screened?.gold_inside ?? null)}</td>
      <td class="flags">
        {!screened && row.pages > 0 && <small>being looked at …</small>}
        {screened?.flags.map((flag) => (
          <span key={flag} class="flag">
            {flag}
          </span>
        ))}
      </td>
      {me.role === "admin" && (
        <td>
          <Screening row={row} changed={changed} />
        </td>
      )}
    </tr>
  );
}

/** Excluding takes a reason and can be taken back; it keeps pages out of exports, not out of the pay. */
function Screening({ row, changed }: { row: Annotator; changed: () => void }): JSX.Element {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState("");
  const act = (verb: "exclude" | "restore", body: object): void =>
    void post(`annotators/${encodeURIComponent(row.session)}/${verb}`, body).then(
      () => {
        setAsking(false);
        changed();
      },
      (error: Error) => setFault(error.message),
    );
  if (row.excluded) {
    return (
      <>
        <small>{row.excluded}</small>{" "}
        <button type="button" onClick={() => act("restore", {})}>
          Restore
        </button>
      </>
    );
  }
  if (!asking) {
    return (
      <button type="button" class="quiet flush" onClick={() => setAsking(true)}>
        Exclude …
      </button>
    );
  }
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        act("exclude", { reason });
      }}
    >
      <input aria-label="Reason" placeholder="reason" required maxLength={200} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      <button>Exclude</button>
      <button type="button" class="quiet" onClick={() => setAsking(false)}>
        Cancel
      </button>
      {fault && <span class="fault">{fault}</span>}
    </form>
  );
}
