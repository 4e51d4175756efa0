/** The campaign itself: open or closed, looked at before it opens, what it costs, what people agreed to, who may look. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { address, get, post } from "./api";
import { Shown, useLoaded } from "./loaded";
import type { Consents, Cost, Me, NewPassword, Preview } from "./view.gen";
import { money, when } from "./words";

export function Campaign({ me, changed }: { me: Me; changed: () => void }): JSX.Element {
  return (
    <>
      <h1>Campaign</h1>
      <div class="cards two">
        <Opening me={me} changed={changed} />
        <LookFirst />
        <Costs me={me} />
        {me.role === "admin" && <Passwords />}
      </div>
      <Agreed />
    </>
  );
}

function Opening({ me, changed }: { me: Me; changed: () => void }): JSX.Element {
  const [fault, setFault] = useState("");
  const turn = (): void => void post("campaign", { open: !me.open }).then(changed, (error: Error) => setFault(error.message));
  return (
    <section class="card">
      <h2>{me.open ? "Open" : "Closed"}</h2>
      <p>{me.open ? "People who arrive get work." : "Nobody new is taken. Those who are at work may finish, and are paid."}</p>
      {me.role === "admin" && (
        <button type="button" class={me.open ? "" : "primary"} onClick={turn}>
          {me.open ? "Close" : "Open"}
        </button>
      )}
      {fault && <p class="fault">{fault}</p>}
    </section>
  );
}

function LookFirst(): JSX.Element {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [fault, setFault] = useState("");
  return (
    <section class="card">
      <h2>Preview</h2>
      <p>The task as annotators see it: consent, instructions, practice, pages. Nothing is recorded and nothing counts.</p>
      {preview ? (
        <p>
          <a href={preview.url} target="_blank" rel="noopener">
            Open the preview
          </a>{" "}
          <small>(the link is good until {when(preview.until)})</small>
        </p>
      ) : (
        <button type="button" onClick={() => void post<Preview>("preview").then(setPreview, (error: Error) => setFault(error.message))}>
          Make a preview link
        </button>
      )}
      {fault && <p class="fault">{fault}</p>}
    </section>
  );
}

function Costs({ me }: { me: Me }): JSX.Element {
  const loaded = useLoaded(() => get<Cost>("cost"), []);
  return (
    <section class="card">
      <h2>Cost</h2>
      <Shown loaded={loaded}>
        {(cost) => (
          <>
            <dl class="facts">
              {cost.lines.map((line) => (
                <div key={line.name}>
                  <dt>{line.name}</dt>
                  <dd>{line.said}</dd>
                </div>
              ))}
              <div>
                <dt>Pay an hour so far, on the pages</dt>
                <dd>{money(cost.pay.hourly_on_page, cost.pay.currency)}</dd>
              </div>
              <div>
                <dt>Pay an hour so far, arrival to finish</dt>
                <dd>{money(cost.pay.hourly_in_all, cost.pay.currency)}</dd>
              </div>
            </dl>
            <ul class="plain">
              {cost.warnings.map((warning) => (
                <li key={warning} class="flag">
                  {warning}
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
      {me.role === "admin" && (
        <p>
          <a class="button" href={address("payments.csv")} download="payments.csv">
            Payments (CSV)
          </a>{" "}
          <small>holds panel ids: keep it safe</small>
        </p>
      )}
    </section>
  );
}

function Passwords(): JSX.Element {
  const [made, setMade] = useState<NewPassword | null>(null);
  const [fault, setFault] = useState("");
  const make = (role: string): void => void post<NewPassword>(`passwords/${role}`).then(setMade, (error: Error) => setFault(error.message));
  return (
    <section class="card">
      <h2>Passwords</h2>
      <p>A viewer may look at everything here but raw traces and panel ids, and changes nothing. A new password ends all logins with the old one.</p>
      <p class="row">
        <button type="button" onClick={() => make("viewer")}>
          New viewer password
        </button>
        <button type="button" class="quiet" onClick={() => make("admin")}>
          New admin password
        </button>
      </p>
      {made && (
        <p role="status">
          Password of the {made.role}, shown only now: <code>{made.password}</code>
        </p>
      )}
      {fault && <p class="fault">{fault}</p>}
    </section>
  );
}

function Agreed(): JSX.Element {
  const loaded = useLoaded(() => get<Consents>("consent"), []);
  return (
    <section aria-labelledby="consent">
      <h2 id="consent">Consent</h2>
      <Shown loaded={loaded}>
        {(view) => (
          <>
            <p>
              Ethics approval: <b>{view.irb || "none named"}</b>
            </p>
            <div class="table" tabIndex={0} role="region" aria-label="Versions of the consent text">
              <table>
                <thead>
                  <tr>
                    <th>Version</th>
                    <th class="number">Agreed</th>
                    <th class="number">Of these, to publication</th>
                    <th>First</th>
                    <th>Last</th>
                  </tr>
                </thead>
                <tbody>
                  {view.versions.map((version) => (
                    <tr key={version.version}>
                      <th scope="row">
                        <code title={version.version}>{version.version.slice(0, 12)}</code> {version.current && <span class="state open">now</span>}
                      </th>
                      <td class="number">{version.agreed}</td>
                      <td class="number">{version.publish}</td>
                      <td class="time">{when(version.first_at)}</td>
                      <td class="time">{when(version.last_at)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </Shown>
    </section>
  );
}
