/** The admin routes, with the login's cookie. Every change goes through `post`. */

import type { Problem } from "../record/records.gen";
import type { Me } from "./view.gen";

/** What a route answered instead of what was asked for. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super([problem, remedy].filter(Boolean).join(" "));
  }
}

const ROOT = "/admin/api";

export type Query = Record<string, string | number | boolean | undefined>;

/** Address of a route, with the parameters that have a value. */
export function address(route: string, query: Query = {}): string {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const words = new URLSearchParams(said.map(([name, value]) => [name, String(value)]));
  return `${ROOT}/${route}${said.length ? `?${words}` : ""}`;
}

export async function get<T>(route: string, query: Query = {}): Promise<T> {
  return (await answered(await fetch(address(route, query)))).json() as Promise<T>;
}

export async function bytes(route: string): Promise<Uint8Array> {
  return new Uint8Array(await (await answered(await fetch(address(route)))).arrayBuffer());
}

export async function post<T>(route: string, body: unknown = {}): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return (await answered(await fetch(address(route), { method: "POST", headers, body: JSON.stringify(body) }))).json() as Promise<T>;
}

/** Who is logged in; null for nobody. */
export async function me(): Promise<Me | null> {
  try {
    return await get<Me>("me");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return null;
    throw error;
  }
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  const said = (await response.json().catch(() => ({}))) as Partial<Problem>;
  throw new Refused(response.status, said.problem ?? `The service answered ${response.status}.`, said.remedy ?? "");
}
