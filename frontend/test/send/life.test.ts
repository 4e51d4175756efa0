import { beforeEach, expect, it, vi } from "vitest";

import { Life, whenGone } from "../../src/send/life";
import { FakeLocks } from "./locks";

beforeEach(() => vi.stubGlobal("navigator", { locks: new FakeLocks() }));

async function begun(tab: string): Promise<Life> {
  const life = new Life(tab);
  life.begin();
  await vi.waitFor(() => expect(life.known).toBe(true));
  return life;
}

async function isGone(tab: string): Promise<boolean> {
  let gone = false;
  await whenGone(tab, async () => void (gone = true));
  return gone;
}

it("a tab is gone when it never was, or has let go", async () => {
  expect(await isGone("tab")).toBe(true);
  const life = await begun("tab");
  expect(await isGone("tab")).toBe(false);
  expect(await isGone("another")).toBe(true);
  life.end();
  expect(life.known).toBe(false);
  expect(await isGone("tab")).toBe(true);
});

it("a tab that is just being ended is waited for", async () => {
  const life = await begun("tab");
  setTimeout(() => life.end(), 100);
  expect(await isGone("tab")).toBe(true);
});

it("a tab that comes back lives when nobody makes use of its being gone any more", async () => {
  const life = await begun("tab");
  life.end();
  let done = (): void => {};
  const busy = whenGone("tab", () => new Promise((resolve) => (done = resolve)));
  life.begin();
  await new Promise((wait) => setTimeout(wait, 20));
  expect(life.known).toBe(false);
  done();
  await busy;
  await vi.waitFor(() => expect(life.known).toBe(true));
});

it("without locks nobody can tell", async () => {
  vi.stubGlobal("navigator", {});
  new Life("tab").begin();
  expect(await isGone("tab")).toBe(false);
});
