// @vitest-environment happy-dom
import "fake-indexeddb/auto";

import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Unreachable } from "../../src/app/api";
import { Outbox, type State } from "../../src/send/outbox";
import { lettersOf } from "../../src/record/letters";
import { laid, lay } from "../../src/send/drafts";
import { Life } from "../../src/send/life";
import { openShelf } from "../../src/send/shelf";
import { FakeLocks } from "./locks";
import { FakeService } from "./service";

let service: FakeService;

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.spyOn(Math, "random").mockReturnValue(0);
  sessionStorage.clear();
  localStorage.clear();
  Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
  service = new FakeService();
  Object.defineProperty(document, "hidden", { value: false, configurable: true });
});

const opened: Outbox[] = [];

async function open(session: string, token: string, tab = "tab"): Promise<Outbox> {
  const outbox = await Outbox.open(session, token, tab);
  opened.push(outbox);
  return outbox;
}

afterEach(() => opened.splice(0).forEach((outbox) => outbox.close()));

const bytes = (first: number, size = 8): Uint8Array => new Uint8Array(size).fill(first);

async function left(): Promise<number[]> {
  return (await (await openShelf()).all("s")).map(({ seq }) => seq);
}

describe("a chunk", () => {
  it("is stored before it is sent, and removed when the service has it", async () => {
    let during: number[] = [];
    service.busy = async () => void (during = await left());
    const outbox = await open("s", "token");
    await outbox.put(0, bytes(5));
    expect(await outbox.drain()).toBe(true);
    expect(during).toEqual([0]);
    await vi.waitFor(async () => expect(await left()).toEqual([]));
    expect(service.requests[0]).toMatchObject({ path: "api/chunk", keepalive: false, token: "Bearer token" });
  });

  it("is sent again until it arrives", async () => {
    service.chunkReplies.push("lost", 503, 429);
    const outbox = await open("s", "token");
    await outbox.put(0, bytes(5));
    expect(await outbox.drain()).toBe(false);
    await vi.waitFor(() => expect(service.taken).toEqual([5]), 8000);
  });

  it("whose acknowledgement was lost is sent again, and no harm done", async () => {
    service.chunkReplies.push("unheard");
    const outbox = await open("s", "token");
    await outbox.put(0, bytes(5));
    await vi.waitFor(() => expect(service.taken).toEqual([5, 5]), 4000);
    await vi.waitFor(async () => expect(await left()).toEqual([]));
  });

  it("travels packed when that makes it smaller", async () => {
    const outbox = await open("s", "token");
    await Promise.all([outbox.put(0, bytes(5, 4000)), outbox.put(1, bytes(6, 4))]);
    expect(await outbox.drain()).toBe(true);
    expect(service.taken.sort()).toEqual([5, 6]);
    expect(service.requests.map(({ packed }) => packed).sort()).toEqual([false, true]);
  });

  it("that the service will never take is not sent for ever", async () => {
    service.chunkReplies.push(400);
    const outbox = await open("s", "token");
    await outbox.put(0, bytes(5));
    expect(await outbox.drain()).toBe(true);
    await vi.waitFor(async () => expect(await left()).toEqual([]));
  });

  it("is kept when the token is not good any more", async () => {
    service.chunkReplies.push(...Array<number>(50).fill(401));
    const outbox = await open("s", "token");
    await outbox.put(0, bytes(5));
    expect(await outbox.drain()).toBe(false);
    expect(await left()).toEqual([0]);
  });
});

describe("what an earlier tab left", () => {
  it("goes when the session comes back, and nobody else's", async () => {
    const shelf = await openShelf();
    for (const session of ["s", "s2"]) await shelf.put({ session, tab: "old", seq: 4, bytes: new Uint8Array([session.length]), at: Date.now() });
    const outbox = await open("s", "token");
    await vi.waitFor(() => expect(service.taken).toEqual([1]));
    expect(await outbox.drain()).toBe(true);
    expect(await shelf.all("s2")).toHaveLength(1);
  });

  it("is waited for, however often it must be sent, but not for ever", async () => {
    const shelf = await openShelf();
    await shelf.put({ session: "s", tab: "old", seq: 4, bytes: bytes(7) as Uint8Array<ArrayBuffer>, at: Date.now() });
    service.chunkReplies.push("lost", 503);
    const outbox = await open("s", "token");
    await outbox.swept(1);
    expect(service.taken).toEqual([]);
    await outbox.swept(8000);
    expect(service.taken).toEqual([7]);
  });

  it("a week ago is thrown away unsent", async () => {
    const shelf = await openShelf();
    await shelf.put({ session: "s", tab: "old", seq: 4, bytes: new Uint8Array(1), at: Date.now() - 8 * 24 * 3600 * 1000 });
    await open("s", "token");
    await vi.waitFor(async () => expect(await left()).toEqual([]));
    expect(service.taken).toEqual([]);
  });
});

describe("a draft", () => {
  const old = { session: "s", tab: "old", seq: 4, at: Date.now() };

  async function alive(tab: string): Promise<Life> {
    const life = new Life(tab);
    life.begin();
    await vi.waitFor(() => expect(life.known).toBe(true));
    return life;
  }

  /** An outbox whose tab everybody knows to be alive. */
  async function known(): Promise<Outbox> {
    const outbox = await open("s", "token");
    await vi.waitFor(() => {
      outbox.draft(0, lettersOf(bytes(1)));
      expect(laid("s")).toHaveLength(1);
    });
    return outbox;
  }

  it("is never sent by its own tab, and makes way for its chunk", async () => {
    const outbox = await known();
    expect(await outbox.drain()).toBe(true);
    await outbox.put(0, bytes(9));
    expect(laid("s")).toEqual([]);
    expect(await outbox.drain()).toBe(true);
    expect(service.taken).toEqual([9]);
  });

  it("is the chunk itself as soon as that is cut, stored or not", async () => {
    const outbox = await known();
    void outbox.put(0, bytes(9));
    expect(laid("s").map((draft) => draft.bytes)).toEqual([bytes(9)]);
  });

  it("of a tab that is gone is sent like a chunk, before the page is asked for", async () => {
    lay(old, lettersOf(bytes(7)));
    const outbox = await open("s", "token");
    await outbox.swept(8000);
    expect(service.taken).toEqual([7]);
    expect(laid("s")).toEqual([]);
    await vi.waitFor(async () => expect(await left()).toEqual([]));
  });

  it("of a tab that is gone lies on the shelf until the service has it", async () => {
    service.chunkReplies.push(...Array<"lost">(50).fill("lost"));
    lay(old, lettersOf(bytes(7)));
    const outbox = await open("s", "token");
    await outbox.swept(1000);
    expect(await left()).toEqual([4]);
    expect(laid("s")).toEqual([]);
  });

  it("of a tab that lives is left alone", async () => {
    const life = await alive("old");
    lay(old, lettersOf(bytes(7)));
    const outbox = await open("s", "token");
    await outbox.swept(8000);
    expect(service.taken).toEqual([]);
    expect(laid("s")).toHaveLength(1);
    life.end();
    await (await open("s", "token", "third")).swept(8000);
    expect(service.taken).toEqual([7]);
  });

  it("goes after its chunk if both are left", async () => {
    await (await openShelf()).put({ ...old, bytes: bytes(9) as Uint8Array<ArrayBuffer> });
    lay(old, lettersOf(bytes(7)));
    await (await open("s", "token")).swept(8000);
    expect(service.taken).toEqual([9]);
    expect(laid("s")).toEqual([]);
  });

  it("counts among the tab's numbers, and its own tab may send it after a reload", async () => {
    lay({ ...old, tab: "tab" }, lettersOf(bytes(7)));
    const outbox = await open("s", "token");
    expect(outbox.nextSeq()).toBe(5);
    await outbox.swept(8000);
    expect(service.taken).toEqual([7]);
    expect(outbox.nextSeq()).toBe(5);
  });

  it("is left alone by a tab that has another one's id", async () => {
    await alive("tab");
    lay({ ...old, tab: "tab" }, lettersOf(bytes(7)));
    const outbox = await open("s", "token");
    await outbox.swept(8000);
    outbox.draft(5, lettersOf(bytes(8)));
    expect(service.taken).toEqual([]);
    expect(laid("s").map(({ seq }) => seq)).toEqual([4]);
  });

  it("is kept for a week", async () => {
    lay({ ...old, at: Date.now() - 8 * 24 * 3600 * 1000 }, lettersOf(bytes(7)));
    await (await open("s", "token")).swept(8000);
    expect([service.taken, laid("s")]).toEqual([[], []]);
  });

  it("is not laid down by a page that was left, until it comes back", async () => {
    const outbox = await known();
    await outbox.put(0, bytes(9));
    window.dispatchEvent(new Event("pagehide"));
    outbox.draft(1, "left");
    expect(laid("s")).toEqual([]);
    const back = new Event("pageshow");
    Object.defineProperty(back, "persisted", { value: true });
    window.dispatchEvent(back);
    await vi.waitFor(() => {
      outbox.draft(1, "back");
      expect(laid("s")).toHaveLength(1);
    });
  });

  it("is not laid down where nobody can tell whether a tab lives, nor without a shelf", async () => {
    Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
    const unknown = await open("s", "token");
    Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
    vi.stubGlobal("indexedDB", undefined);
    const fleeting = await open("s", "token", "another");
    await Promise.all([unknown.swept(8000), fleeting.swept(8000)]);
    await new Promise((done) => setTimeout(done, 20));
    for (const outbox of [unknown, fleeting]) outbox.draft(0, "x");
    expect(laid("s")).toEqual([]);
  });
});

describe("numbers", () => {
  it("go on after a reload, also when everything was sent", async () => {
    const outbox = await open("s", "token");
    expect(outbox.nextSeq()).toBe(0);
    await outbox.put(0, bytes(1));
    await outbox.put(1, bytes(2));
    await outbox.drain();
    const again = await open("s", "token");
    expect(again.nextSeq()).toBe(2);
    expect((await open("s", "token", "another")).nextSeq()).toBe(0);
  });

  it("are not given twice though sessionStorage was emptied", async () => {
    service.chunkReplies.push(...Array<"lost">(50).fill("lost"));
    const outbox = await open("s", "token");
    await outbox.put(3, bytes(1));
    sessionStorage.clear();
    expect((await open("s", "token")).nextSeq()).toBe(4);
  });
});

describe("a page that goes", () => {
  it("sends what is left in a way that outlives it, within 60 KiB", async () => {
    service.busy = () => new Promise(() => {});
    const outbox = await open("s", "token");
    for (let seq = 0; seq < 6; seq++) await outbox.put(seq, crypto.getRandomValues(new Uint8Array(16 * 1024)));
    window.dispatchEvent(new Event("pagehide"));
    expect(service.requests.filter(({ keepalive }) => keepalive)).toHaveLength(3);
    expect(await left()).toHaveLength(6);
  });

  it("sends a chunk at once that comes when it is hidden already", async () => {
    service.busy = () => new Promise(() => {});
    const outbox = await open("s", "token");
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    void outbox.put(0, bytes(1));
    expect(service.requests).toMatchObject([{ keepalive: true }]);
  });
});

describe("without a place on the device", () => {
  it("memory does, and says so", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const outbox = await open("s", "token");
    expect(outbox.durable).toBe(false);
    await outbox.put(0, bytes(5));
    expect(await outbox.drain()).toBe(true);
    expect(service.taken).toEqual([5]);
    expect(outbox.nextSeq()).toBe(1);
  });
});

it("tells its state: saving, offline, saved", async () => {
  service.chunkReplies.push("lost");
  const outbox = await open("s", "token");
  const states: State[] = [];
  outbox.onState((state) => states.push(state));
  await outbox.put(0, bytes(5));
  await vi.waitFor(() => expect(states).toEqual(["saved", "saving", "offline", "saved"]), 4000);
});

it("tries at once when the network is back", async () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  service.chunkReplies.push("lost", "lost", "lost", "lost");
  const outbox = await open("s", "token");
  await outbox.put(0, bytes(5));
  const begun = Date.now();
  for (let k = 0; k < 4; k++) {
    await vi.waitFor(() => expect(service.requests).toHaveLength(k + 1), 4000);
    await vi.waitFor(() => window.dispatchEvent(new Event("online")));
    await new Promise((done) => setTimeout(done, 20));
    window.dispatchEvent(new Event("online"));
  }
  await vi.waitFor(() => expect(service.taken).toEqual([5]), 4000);
  expect(Date.now() - begun).toBeLessThan(2000);
});

describe("a submit", () => {
  const body = { page: "p", tab: "tab", last_seq: 1, answer: { task: "browse", selected: {} } } as const;

  it("waits for the page's chunks", async () => {
    const outbox = await open("s", "token");
    await Promise.all([outbox.put(0, bytes(1)), outbox.put(1, bytes(2))]);
    expect(await outbox.submit(body)).toEqual({ complete: true });
    expect(service.requests.map(({ path }) => path)).toEqual(["api/chunk", "api/chunk", "api/submit"]);
    expect(service.submits).toEqual([{ ...body, attempt: 1 }]);
  });

  it("is repeated while chunks are missing, and names its try", async () => {
    const gaps = { status: 409, body: { gaps: [[0, 1]] } };
    service.submitReplies.push(gaps, gaps, { status: 200, body: { complete: false } });
    const outbox = await open("s", "token");
    expect(await outbox.submit(body)).toEqual({ complete: false });
    expect(service.submits.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it("without an answer may be tried again; a no is a no", async () => {
    service.submitReplies.push("lost", 503, { status: 409, body: { problem: "It was given back.", remedy: "Reload." } });
    const outbox = await open("s", "token");
    await expect(outbox.submit(body)).rejects.toBeInstanceOf(Unreachable);
    await expect(outbox.submit(body)).rejects.toBeInstanceOf(Unreachable);
    await expect(outbox.submit(body)).rejects.toMatchObject({ status: 409, problem: "It was given back." });
  });
});
