/** Where the requester is: kept in the address after `#`, so that Back works and a page can be sent to a colleague. */

import { useEffect, useState } from "preact/hooks";

export interface Route {
  screen: string;
  id: string;
  query: Record<string, string>;
}

/** "#/pages/p7?state=open" -> its parts. */
export function parse(hash: string): Route {
  const [path = "", words = ""] = hash.replace(/^#\/?/, "").split("?");
  const [screen = "", id = ""] = path.split("/").map(decodeURIComponent);
  return { screen: screen || "overview", id, query: Object.fromEntries(new URLSearchParams(words)) };
}

/** The parts -> "#/pages/p7?state=open". */
export function link(screen: string, id = "", query: Record<string, string> = {}): string {
  const said = Object.entries(query).filter(([, value]) => value !== "");
  const path = id ? `${screen}/${encodeURIComponent(id)}` : screen;
  return `#/${path}${said.length ? `?${new URLSearchParams(said)}` : ""}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const moved = (): void => setRoute(parse(location.hash));
    window.addEventListener("hashchange", moved);
    return () => window.removeEventListener("hashchange", moved);
  }, []);
  return route;
}
