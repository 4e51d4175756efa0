/** The service's routes as functions; what can go wrong comes as one of two errors. */

import type {
  Agreement,
  Arrival,
  Completion,
  ConsentText,
  Next,
  PageSpec,
  Problem,
  Session,
  Submit,
  Submitted,
} from "../record/records.gen";

/** No answer, or none that makes sense now (5xx, 429): the same request is worth another try. */
export class Unreachable extends Error {}

/** The service said no, and will again. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(problem);
  }
}

/** After this long without an answer a request counts as lost. */
const PATIENCE_MS = 20_000;

async function ask<T>(method: "GET" | "POST", path: string, token: string, body?: object): Promise<T> {
  return (await answered(method, path, token, body)).json() as Promise<T>;
}

/** A good answer, whatever its body is. */
async function answered(method: "GET" | "POST", path: string, token: string, body?: object): Promise<Response> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  if (body) headers["content-type"] = "application/json";
  const request = { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) };
  let response: Response;
  try {
    response = await fetch(`api/${path}`, { ...request, cache: "no-store", credentials: "omit" });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (response.status >= 500 || response.status === 429) throw new Unreachable(`${path}: ${response.status}`);
  if (response.ok) return response;
  const said: unknown = await response.json().catch(() => ({}));
  const { problem = "", remedy = "" } = said as Partial<Problem>;
  throw new Refused(response.status, problem, remedy);
}

export const arrive = (arrival: Arrival): Promise<Session> => ask("POST", "arrive", "", arrival);
export const consentText = (token: string): Promise<ConsentText> => ask("GET", "consent", token);
export const agree = (token: string, body: Agreement): Promise<Session> => ask("POST", "consent", token, body);
export const nextPage = (token: string): Promise<Next> => ask("GET", "page", token);
/** Addresses of the pictures of the page after this one, as far as that is known. */
export const ahead = (token: string): Promise<{ pictures: string[] }> => ask("GET", "ahead", token);
/** For practice and preview, which send no chunks; work is submitted by the outbox, which mends gaps. */
export const submit = (token: string, body: Submit): Promise<Submitted> => ask("POST", "submit", token, body);
export const giveBack = (token: string): Promise<Session> => ask("POST", "return", token, {});
export const finish = (token: string): Promise<Completion> => ask("POST", "finish", token, {});
export const withdraw = (key: string): Promise<object> => ask("POST", "withdraw", "", { token: key });

/** What is kept of the person: ids of her submitted pages, and whether they may be published. */
export interface Kept {
  publish: boolean;
  pages: string[];
}
export const kept = (token: string): Promise<Kept> => ask("GET", "record", token);
export const keptPage = (token: string, page: string): Promise<PageSpec> => ask("GET", `record/${page}`, token);
export async function keptChunks(token: string, page: string): Promise<Uint8Array> {
  return new Uint8Array(await (await answered("GET", `record/${page}/chunks`, token)).arrayBuffer());
}
export const publish = (token: string, may: boolean): Promise<object> => ask("POST", "publish", token, { publish: may });
