/** How the campaign goes, on one screen. */

import type { JSX } from "preact";

import { get } from "./api";
import { Columns, Meter, Shares } from "./charts";
import { Shown, useLoaded } from "./loaded";
import { link } from "./route";
import type { Count, Overview as View } from "./view.gen";
import { duration, hour, money, when } from "./words";

const EVERY_MS = 10_000;

export function Overview(): JSX.Element {
  const loaded = useLoaded(() => get<View>("overview"), [], EVERY_MS);
  return (
    <>
      <h1>Overview</h1>
      <Shown loaded={loaded}>{(view) => <Figures view={view} />}</Shown>
    </>
  );
}

function Figures({ view }: { view: View }): JSX.Element {
  return (
    <>
      <div class="cards two">
        <Meter title="Pages labelled" value={view.pages_done} of={view.pages_wanted} />
        <Meter
          title="Complete sessions"
          value={view.complete}
          of={view.finished}
          note="Finished sessions whose every chunk has arrived. Incomplete ones are paid all the same."
        />
      </div>
      <div class="card">
        <Columns title="Pages an hour, last two days" values={view.hours.map((one) => one.pages)} names={view.hours.map((one) => hour(one.at))} />
      </div>
      <div class="cards two">
        <div class="card">
          <Shares title="Pages by state" parts={toned(view.pages)} say={(n) => n.toLocaleString()} />
          {view.pages.some((one) => one.name === "beyond") && (
            <p class="note">Beyond: submitted by people whose place had gone to somebody else. They are kept and paid.</p>
          )}
        </div>
        <div class="card">
          <Shares title="Annotators by stage" parts={toned(view.sessions)} say={(n) => n.toLocaleString()} />
        </div>
        <div class="card">
          <Shares title="Time on submitted pages" parts={spent(view)} say={duration} />
          <p class="note">Idle: over 30 s without any input. Hidden: another tab or window lay above.</p>
        </div>
        <Facts view={view} />
      </div>
      <p class="note">Counted {when(view.at)}.</p>
    </>
  );
}

function Facts({ view }: { view: View }): JSX.Element {
  const { pay } = view;
  return (
    <dl class="card facts">
      <div>
        <dt>Pay an hour, on the pages</dt>
        <dd>{money(pay.hourly_on_page, pay.currency)}</dd>
      </div>
      <div>
        <dt>Pay an hour, arrival to finish</dt>
        <dd>{money(pay.hourly_in_all, pay.currency)}</dd>
      </div>
      <div>
        <dt>Under way now</dt>
        <dd>
          {view.leases.running} {view.leases.overdue > 0 && <small>and {view.leases.overdue} past their time</small>}
        </dd>
      </div>
      <div>
        <dt>Late pages, taken all the same</dt>
        <dd>
          <a href={link("pages", "", { late: "true" })}>{view.late}</a>
        </dd>
      </div>
      <div>
        <dt>Answer differs from its log</dt>
        <dd>
          <a href={link("pages", "", { agrees: "false" })}>{view.disagreeing}</a>
        </dd>
      </div>
      <div>
        <dt>Excluded by screening</dt>
        <dd>{view.excluded}</dd>
      </div>
      <div>
        <dt>Withdrew</dt>
        <dd>{view.withdrawn}</dd>
      </div>
    </dl>
  );
}

function toned(counts: readonly Count[]): { name: string; value: number; tone: number }[] {
  return counts.map(({ name, n }, k) => ({ name, value: n, tone: (k % 5) + 1 }));
}

function spent({ time }: View): { name: string; value: number; tone: number }[] {
  return [
    { name: "active", value: time.active_ms, tone: 1 },
    { name: "idle", value: time.idle_ms, tone: 3 },
    { name: "hidden", value: time.hidden_ms, tone: 5 },
  ];
}
