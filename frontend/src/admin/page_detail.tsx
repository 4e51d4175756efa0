/** One page: what came of it, and its replay. */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import { decode } from "../record/chunk";
import { address, bytes, get } from "./api";
import { Shown, useLoaded } from "./loaded";
import { Notes } from "./pages";
import { unpack } from "./replay/pack";
import { Player } from "./replay/player";
import { timeline } from "./replay/timeline";
import { link } from "./route";
import type { Me, PageDetail as View } from "./view.gen";
import { duration, when } from "./words";

export function PageDetail({ id, me }: { id: string; me: Me }): JSX.Element {
  const loaded = useLoaded(() => get<View>(`pages/${encodeURIComponent(id)}`), [id]);
  return (
    <>
      <p class="note">
        <a href={link("pages")}>Pages</a>
      </p>
      <h1>Page {id}</h1>
      <Shown loaded={loaded}>
        {(view) => (
          <>
            <Facts view={view} />
            {me.role === "admin" ? <Replay view={view} /> : <p class="note">The replay shows raw traces: only an admin may see it.</p>}
            <Pictures view={view} />
          </>
        )}
      </Shown>
    </>
  );
}

function Facts({ view }: { view: View }): JSX.Element {
  const { row, time } = view;
  const facts: [string, JSX.Element | string][] = [
    ["Annotator", <a href={link("pages", "", { session: row.session })}>{row.session}</a>],
    ["Task", `${view.task}, page ${row.number}${view.label && `: ${view.label}`}`],
    ["Condition", conditions(view)],
    ["State", row.state],
    ["Submitted", when(row.submitted_at)],
    ["Time", `${duration(time.active_ms)} active, ${duration(time.idle_ms)} idle, ${duration(time.hidden_ms)} hidden`],
    ["Recorded", `${view.samples.toLocaleString()} pointer samples in ${view.chunks} chunks, ${view.bytes.toLocaleString()} bytes`],
  ];
  if (row.complete === false || row.agrees === false || row.late) facts.push(["Notes", <Notes row={row} />]);
  return (
    <dl class="card facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function conditions(view: View): string {
  const on = Object.entries(view.condition).filter(([, value]) => value);
  return on.length ? on.map(([name]) => name.replace("_", " ")).join(", ") : "plain";
}

function Replay({ view }: { view: View }): JSX.Element {
  const loaded = useLoaded(() => bytes(`pages/${encodeURIComponent(view.row.id)}/chunks`), [view.row.id]);
  return (
    <section aria-label="Replay">
      <h2>Replay</h2>
      <Shown loaded={loaded}>{(packed) => <Decoded packed={packed} view={view} />}</Shown>
    </section>
  );
}

function Decoded({ packed, view }: { packed: Uint8Array; view: View }): JSX.Element {
  const replayed = useMemo(() => {
    const words = new Map(view.classes.map((one) => [one.name, one.shown]));
    return {
      line: timeline(unpack(packed).map(decode)),
      pictures: new Map(view.pictures.map(({ id }) => [id, address(`pictures/${encodeURIComponent(id)}`)])),
      shown: (label: string): string => words.get(label) ?? label,
      grid: view.grid,
    };
  }, [packed, view]);
  if (replayed.line.moments.length === 0) return <p class="note">Nothing was recorded.</p>;
  return <Player replayed={replayed} />;
}

function Pictures({ view }: { view: View }): JSX.Element {
  return (
    <section aria-label="Pictures">
      <h2>Pictures</h2>
      <ul class="pictures small">
        {view.pictures.map((picture, k) => (
          <li key={picture.id} class={said(view, picture.id) ? "chosen" : undefined}>
            <img src={address(`pictures/${encodeURIComponent(picture.id)}`)} width={picture.width} height={picture.height} alt={`picture ${k + 1}`} loading="lazy" />
            <b>{picture.label || "–"}</b>
            <small>
              {picture.pool}
              {picture.gold && " · gold"}
              {said(view, picture.id) && ` · ${said(view, picture.id)}`}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the answer says of a picture; "" for nothing. */
function said(view: View, picture: string): string {
  const { answer } = view;
  if (!answer) return "";
  if (answer.task === "browse") return picture in answer.selected ? "selected" : "";
  if (answer.task === "tag") return Object.keys(answer.icons).join(", ");
  return answer.label;
}
