/** A service in memory that answers as a test says. */

import { gunzipSync } from "node:zlib";
import { vi } from "vitest";

export type Reply = number | "lost" | "unheard" | { status: number; body: unknown };

export class FakeService {
  /** First bytes of the chunks that it has, in the order of their coming. */
  readonly taken: number[] = [];
  readonly submits: Record<string, unknown>[] = [];
  readonly requests: { path: string; keepalive: boolean; token: string; packed: boolean }[] = [];
  /** Replies to come; afterwards everything is answered by 200. */
  readonly chunkReplies: Reply[] = [];
  readonly submitReplies: Reply[] = [];
  /** Called before each reply. */
  busy: () => Promise<void> = () => Promise.resolve();

  constructor() {
    vi.stubGlobal("fetch", (path: string, request: RequestInit) => this.answer(path, request));
  }

  private async answer(path: string, { body, keepalive = false, headers }: RequestInit): Promise<Response> {
    const named = headers as Record<string, string>;
    this.requests.push({ path, keepalive, token: named["authorization"]!, packed: named["content-encoding"] === "gzip" });
    await this.busy();
    const isChunk = path === "api/chunk";
    const reply = (isChunk ? this.chunkReplies : this.submitReplies).shift() ?? 200;
    if (reply === "lost") throw new TypeError("network");
    if (isChunk && (reply === 200 || reply === "unheard")) this.taken.push((await unpacked(body as Uint8Array<ArrayBuffer>, headers))[0]!);
    if (!isChunk) this.submits.push(JSON.parse(body as string) as Record<string, unknown>);
    if (reply === "unheard") throw new TypeError("network");
    const { status, body: said } = typeof reply === "number" ? { status: reply, body: { complete: true } } : reply;
    return new Response(JSON.stringify(said), { status });
  }
}

/** A chunk as the service sees it. */
async function unpacked(body: Uint8Array<ArrayBuffer>, headers: RequestInit["headers"]): Promise<Uint8Array> {
  return (headers as Record<string, string>)["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}
