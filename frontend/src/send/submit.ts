/** Submitting a page: asked again while chunks are missing, but never so long that the person is held up. */

import { Refused, Unreachable } from "../app/api";
import type { Gaps, Problem, Submit, Submitted } from "../record/records.gen";

/** This long chunks are waited for before the first try, and before each further one. */
const WAITS_MS = [4000, 8000, 12_000];
const PATIENCE_MS = 20_000;

/**
 * @param body - the submit, but for the number of the try.
 * @param sent - resolves when all chunks are with the service, at the latest after so many ms.
 */
export async function submit(token: string, body: Omit<Submit, "attempt">, sent: (ms: number) => Promise<boolean>): Promise<Submitted> {
  for (const [k, wait] of WAITS_MS.entries()) {
    await sent(wait);
    const answer = await ask(token, { ...body, attempt: k + 1 });
    if (!("gaps" in answer)) return answer;
  }
  throw new Unreachable("submit: gaps after the last try");
}

/** One try; a 409 without gaps is a no like any other. */
async function ask(token: string, body: Submit): Promise<Submitted | Gaps> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) };
  const response = await fetch("api/submit", { ...request, cache: "no-store", credentials: "omit" }).catch((error) => {
    throw new Unreachable(String(error));
  });
  if (response.status >= 500 || response.status === 429) throw new Unreachable(`submit: ${response.status}`);
  const said: unknown = await response.json().catch(() => ({}));
  if (response.ok) return said as Submitted;
  if (response.status === 409 && "gaps" in (said as object)) return said as Gaps;
  const { problem = "", remedy = "" } = said as Partial<Problem>;
  throw new Refused(response.status, problem, remedy);
}
