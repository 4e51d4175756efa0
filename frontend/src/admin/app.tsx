/** The requester's pages: the door, the bar, and one screen at a time. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Annotators } from "./annotators";
import { me as whoami, post } from "./api";
import { Campaign } from "./campaign";
import { Items } from "./items";
import { Login } from "./login";
import { Overview } from "./overview";
import { PageDetail } from "./page_detail";
import { Pages } from "./pages";
import { link, type Route, useRoute } from "./route";
import type { Me } from "./view.gen";

const SCREENS: Record<string, { title: string; show: (me: Me, route: Route, changed: () => void) => JSX.Element }> = {
  overview: { title: "Overview", show: () => <Overview /> },
  pages: {
    title: "Pages",
    show: (me, route) => (route.id ? <PageDetail key={route.id} id={route.id} me={me} /> : <Pages query={route.query} />),
  },
  annotators: { title: "Annotators", show: (me) => <Annotators me={me} /> },
  items: { title: "Pictures", show: (_, route) => <Items query={route.query} /> },
  campaign: { title: "Campaign", show: (me, _, changed) => <Campaign me={me} changed={changed} /> },
};

export function App(): JSX.Element {
  const [me, setMe] = useState<Me | null | undefined>(undefined);
  const [fault, setFault] = useState("");
  const ask = (): void => void whoami().then(setMe, (error: Error) => setFault(error.message));
  useEffect(ask, []);
  if (fault) return <p class="fault" role="alert">{fault}</p>;
  if (me === undefined) return <p class="note">Loading …</p>;
  return me === null ? <Login entered={setMe} /> : <Inside me={me} changed={ask} left={() => setMe(null)} />;
}

function Inside({ me, changed, left }: { me: Me; changed: () => void; left: () => void }): JSX.Element {
  const route = useRoute();
  const screen = SCREENS[route.screen] ?? SCREENS.overview!;
  useEffect(() => {
    document.title = `${screen.title} · ${me.campaign}`;
  }, [screen, me]);
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => (event.preventDefault(), document.getElementById("content")?.focus())}>
        Skip to content
      </a>
      <header class="bar">
        <p class="name">
          <b>{me.campaign}</b> <span class={me.open ? "state open" : "state"}>{me.open ? "open" : "closed"}</span>
        </p>
        <nav aria-label="Screens">
          {Object.entries(SCREENS).map(([name, { title }]) => (
            <a key={name} href={link(name)} aria-current={screen === SCREENS[name] ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <button type="button" class="quiet" onClick={() => void post("logout").finally(left)}>
          Log out{me.role === "viewer" ? " (viewer)" : ""}
        </button>
      </header>
      <main id="content" tabIndex={-1}>
        {screen.show(me, route, changed)}
      </main>
    </>
  );
}
