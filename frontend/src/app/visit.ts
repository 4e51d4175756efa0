/** Who is here, as far as the browser must know: a token, and a number for this tab. Kept in sessionStorage. */

import type { Session, Stage } from "../record/records.gen";

/** What survives a reload of this tab, and no more. */
export interface Visit {
  token: string;
  /** Where the person was when the service last said so. */
  stage: Stage;
  preview: boolean;
}

const VISIT = "sidelight.visit";
const TAB = "sidelight.tab";

/** The address's parameters, as they are; a parameter without a value ("?preview") has the empty one. */
export function parameters(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Takes ids out of the address bar, the history and whatever reads them; the hash may name a page of ours and stays. */
export function clearAddress(): void {
  history.replaceState(null, "", location.pathname + location.hash);
}

/** Whether an address is that of the page for withdrawing: "/withdraw", as it is printed; "#withdraw" within the pages. */
export function isWithdrawal({ pathname, hash }: { pathname: string; hash: string }): boolean {
  return hash === "#withdraw" || pathname.endsWith("/withdraw");
}

/** Whether an address is that of the page on which a person sees what was recorded of her. */
export function isRecord({ hash }: { hash: string }): boolean {
  return hash === "#record";
}

export function recall(): Visit | null {
  const kept = sessionStorage.getItem(VISIT);
  return kept === null ? null : (JSON.parse(kept) as Visit);
}

export function remember({ token, stage, preview }: Session): Visit {
  const visit = { token, stage, preview: preview ?? false };
  sessionStorage.setItem(VISIT, JSON.stringify(visit));
  return visit;
}

/** The session's name on this device: the token's first part, which stays the same when the token is renewed. */
export function sessionKey(token: string): string {
  return token.split(".")[0] || token;
}

/**
 * The tab's random id, under which its chunks are counted; a reload goes on with it.
 *
 * A duplicated tab gets a copy of sessionStorage, and two tabs must never count under one id. So a living tab keeps the
 * id out of the storage and puts it back only when it is left. A tab that dies without notice just begins a new id.
 */
export function claimTab(): string {
  const tab = sessionStorage.getItem(TAB) ?? crypto.getRandomValues(new Uint32Array(3)).join("-");
  sessionStorage.removeItem(TAB);
  addEventListener("pagehide", () => sessionStorage.setItem(TAB, tab));
  addEventListener("pageshow", (event) => event.persisted && sessionStorage.removeItem(TAB));
  return tab;
}

/**
 * Tells other tabs of the same session that this one has taken over, and calls `lost` when another one does.
 *
 * @returns a function that stops listening.
 */
export function takeOver(session: string, tab: string, lost: () => void): () => void {
  const channel = new BroadcastChannel("sidelight");
  channel.onmessage = ({ data }: MessageEvent<{ session: string; tab: string }>) => {
    if (data.session === session && data.tab !== tab) lost();
  };
  channel.postMessage({ session, tab });
  return () => channel.close();
}
