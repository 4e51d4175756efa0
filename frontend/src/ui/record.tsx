/** What was recorded of a person, for herself: each page's replay, and her say whether it may be published. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { unpack } from "../admin/replay/pack";
import { Player, type Replayed } from "../admin/replay/player";
import { timeline } from "../admin/replay/timeline";
import * as api from "../app/api";
import { decode } from "../record/chunk";
import { Card } from "./notice";
import "./record.css";
import { say } from "./words";

export function Record({ token }: { token: string }): JSX.Element {
  const [kept, setKept] = useState<api.Kept | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => void api.kept(token).then(setKept, () => setFailed(true)), [token]);
  return (
    <Card heading={say("record.heading")} kind="record">
      {failed && <p role="alert">{say("record.failed")}</p>}
      {kept && (kept.pages.length ? <Pages token={token} kept={kept} /> : <p>{say("record.none")}</p>)}
      <p>
        <a href="#">{say("record.back")}</a>
      </p>
    </Card>
  );
}

function Pages({ token, kept }: { token: string; kept: api.Kept }): JSX.Element {
  const [page, setPage] = useState(kept.pages[0]!);
  return (
    <>
      <p>{say("record.text")}</p>
      <div class="pages" role="group" aria-label={say("record.pages")}>
        {kept.pages.map((one, k) => (
          <button key={one} type="button" class="button" aria-pressed={one === page} onClick={() => setPage(one)}>
            {say("record.page", { number: k + 1 })}
          </button>
        ))}
      </div>
      <Replay key={page} token={token} page={page} />
      <Publish token={token} said={kept.publish} />
    </>
  );
}

function Replay({ token, page }: { token: string; page: string }): JSX.Element | null {
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => void load(token, page).then(setReplayed, () => setFailed(true)), []);
  if (failed) return <p role="alert">{say("record.failed")}</p>;
  return replayed && <Player replayed={replayed} />;
}

async function load(token: string, page: string): Promise<Replayed> {
  const [packed, shown] = await Promise.all([api.keptChunks(token, page), api.keptPage(token, page)]);
  const classes = [...(shown.classes ?? []), ...(shown.panels ?? []).flatMap((panel) => panel.classes)];
  const words = new Map(classes.map((one) => [one.name, one.shown]));
  return {
    line: timeline(unpack(packed).map(decode)),
    pictures: new Map(shown.pictures.map(({ id, url }) => [id, url])),
    shown: (label) => words.get(label) ?? label,
    grid: shown.grid ?? [0, 0],
  };
}

/** The same tick as with the consent, now that she can see what it is about. */
function Publish({ token, said }: { token: string; said: boolean }): JSX.Element {
  const [may, setMay] = useState(said);
  const [told, setTold] = useState("");
  const choose = (wanted: boolean): void => {
    setMay(wanted);
    api.publish(token, wanted).then(
      () => setTold(say("record.kept")),
      () => (setMay(!wanted), setTold(say("fault.problem"))),
    );
  };
  return (
    <label class="tick">
      <input type="checkbox" checked={may} onChange={(event) => choose(event.currentTarget.checked)} />
      <span>
        {say("consent.publish")} <small role="status">{told}</small>
      </span>
    </label>
  );
}
