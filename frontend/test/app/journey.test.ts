// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Journey } from "../../src/app/journey";
import type { Screen } from "../../src/app/stage";

type Answer = [status: number, body: object];

const page = { id: "p", task: "browse", number: 1, of: 2, pictures: [], wording: { title: "", html: "", synonyms: [], link: "", locale: "en" } };
const rest = { practice: false, condition: {}, panels: [], classes: [], grid: [0, 0], log: [], segment: 0 };

let screens: Screen[];
let asked: string[];
let answers: Record<string, Answer>;

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, "", "/?who=me");
  [screens, asked] = [[], []];
  answers = {
    "POST api/arrive": [200, { token: "s1.sig", stage: "consent", preview: false }],
    "GET api/consent": [200, { version: "v", html: "", locale: "en", recorded: [], not_recorded: [] }],
    "POST api/consent": [200, { token: "s1.sig", stage: "work", preview: false }],
    "GET api/page": [200, { stage: "work", page: { ...page, ...rest }, withdraw_token: "w" }],
    "POST api/finish": [200, { code: "C", redirect: "", form: null, withdraw_token: "w" }],
    "POST api/return": [200, { token: "s1.sig", stage: "closed", preview: false }],
  };
  vi.stubGlobal("fetch", (url: string, request: RequestInit) => {
    const key = `${request.method} ${url}`;
    asked.push(key);
    const [status, body] = answers[key] ?? [404, {}];
    return status ? Promise.resolve(new Response(JSON.stringify(body), { status })) : Promise.reject(new TypeError("no network"));
  });
});
afterEach(() => void vi.unstubAllGlobals());

const begun = async (): Promise<Journey> => {
  const journey = new Journey((screen) => screens.push(screen), () => {});
  await journey.open();
  return journey;
};
const shown = (): string => screens.at(-1)!.show;

test("the address is exchanged for a token, and then consent is asked for", async () => {
  await begun();
  expect(location.search).toBe("");
  expect(shown()).toBe("consent");
  expect(asked).toEqual(["POST api/arrive", "GET api/consent"]);
});

test("after consent come pages, with a token to withdraw", async () => {
  const journey = await begun();
  await journey.agree({ version: "v", agreed: true });
  expect(shown()).toBe("page");
  expect(journey.withdrawKey).toBe("w");
  expect(journey.recorded({ ...page, ...rest, practice: true } as never)).toBe(false);
});

test("who declines is let go, and nothing else is asked for", async () => {
  answers["POST api/consent"] = [200, { token: "s1.sig", stage: "closed", preview: false }];
  const journey = await begun();
  await journey.agree({ version: "v", agreed: false });
  expect(shown()).toBe("declined");
  expect(journey.outbox).toBeNull();
  expect(asked.at(-1)).toBe("POST api/consent");
});

test("a reload goes on without arriving again", async () => {
  const journey = await begun();
  await journey.agree({ version: "v", agreed: true });
  asked = [];
  await begun();
  expect(shown()).toBe("page");
  expect(asked).toEqual(["GET api/page"]);
});

test("a preview opens no outbox", async () => {
  answers["POST api/arrive"] = [200, { token: "s1.sig", stage: "work", preview: true }];
  const journey = await begun();
  expect(shown()).toBe("page");
  expect(journey.outbox).toBeNull();
  expect(journey.recorded({ ...page, ...rest } as never)).toBe(false);
});

test("whoever is not let in, or has nothing left, is told so", async () => {
  answers["POST api/arrive"] = [200, { token: "", stage: "closed", preview: false }];
  await begun();
  expect(shown()).toBe("closed");
  answers["POST api/arrive"] = [403, { problem: "Not good any more.", remedy: "Make a new one." }];
  history.replaceState(null, "", "/?preview=old");
  await begun();
  expect(screens.at(-1)).toEqual({ show: "fault", fault: { kind: "problem", problem: "Not good any more.", remedy: "Make a new one." } });
  expect(location.search).toBe("?preview=old");
});

test("after the last page comes the code", async () => {
  answers["POST api/arrive"] = [200, { token: "s1.sig", stage: "done", preview: false }];
  answers["GET api/page"] = [200, { stage: "done", page: null, withdraw_token: "w" }];
  await begun();
  expect(screens.at(-1)).toMatchObject({ show: "finish", completion: { code: "C" } });
});

test("a service that does not answer is asked again, at once if the person wants", async () => {
  answers["POST api/arrive"] = [0, {}];
  const journey = new Journey((screen) => screens.push(screen), () => {});
  const opened = journey.open();
  await vi.waitFor(() => expect(shown()).toBe("fault"));
  expect(location.search).toBe("?who=me");
  answers["POST api/arrive"] = [200, { token: "s1.sig", stage: "consent", preview: false }];
  journey.retry();
  await opened;
  expect(shown()).toBe("consent");
});

test("a task can be given back", async () => {
  const journey = await begun();
  await journey.giveBack();
  expect(shown()).toBe("returned");
});

test("whoever finished a task before gives the next one back and has the code", async () => {
  const journey = await begun();
  answers["POST api/return"] = [200, { token: "s1.sig", stage: "done", preview: false }];
  answers["GET api/page"] = [200, { stage: "done", page: null, withdraw_token: "w" }];
  await journey.giveBack();
  expect(screens.at(-1)).toMatchObject({ show: "finish", completion: { code: "C" } });
});

test("a person with a session can look at what was recorded of her", async () => {
  const journey = await begun();
  location.hash = "#record";
  await journey.open();
  expect(screens.at(-1)).toMatchObject({ show: "record", token: "s1.sig" });
});

test("the page for withdrawing needs no session", async () => {
  history.replaceState(null, "", "/#withdraw");
  await begun();
  expect(shown()).toBe("withdraw");
  expect(asked).toEqual([]);
});
