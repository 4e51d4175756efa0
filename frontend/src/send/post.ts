/** One try to hand a chunk to the service. */

import { Budget } from "./budget";
import type { Load } from "./load";

/**
 * What came of it. `taken`: it is on the service's disk. `unwanted`: it never will be (it breaks the protocol, or the
 * person has withdrawn). `denied`: not with this token. `later`: no answer, or one that makes no sense now.
 */
export type Outcome = "taken" | "unwanted" | "denied" | "later";

/** After this long without an answer a try counts as lost. */
const PATIENCE_MS = 20_000;
const OUTCOMES: Readonly<Record<number, Outcome>> = { 200: "taken", 400: "unwanted", 401: "denied", 403: "unwanted", 409: "unwanted", 410: "unwanted", 413: "unwanted", 422: "unwanted" };

const budget = new Budget();

export async function postChunk(token: string, load: Load): Promise<Outcome> {
  return answer(token, load, { signal: AbortSignal.timeout(PATIENCE_MS) });
}

/** The same in the last moment of a page: the browser goes on sending when the page is gone, if there is room. */
export async function postLastChunk(token: string, load: Load): Promise<Outcome> {
  const { length } = load.bytes;
  if (!budget.take(length)) return "later";
  try {
    return await answer(token, load, { keepalive: true });
  } finally {
    budget.give(length);
  }
}

async function answer(token: string, { bytes, packed }: Load, more: RequestInit): Promise<Outcome> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" };
  if (packed) headers["content-encoding"] = "gzip";
  try {
    const { status } = await fetch("api/chunk", { method: "POST", headers, body: bytes, cache: "no-store", credentials: "omit", ...more });
    return OUTCOMES[status] ?? "later";
  } catch {
    return "later";
  }
}
