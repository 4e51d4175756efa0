// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";

import { claimTab, clearAddress, isWithdrawal, parameters, recall, remember, sessionKey, takeOver } from "../../src/app/visit";

beforeEach(() => sessionStorage.clear());

test("the address's parameters are taken as they are", () => {
  expect(parameters("?PROLIFIC_PID=a%2Bb&x=&preview")).toEqual({ PROLIFIC_PID: "a+b", x: "", preview: "" });
  expect(parameters("")).toEqual({});
});

test("ids leave the address bar, and nothing is added to the history", () => {
  history.replaceState(null, "", "/study?PROLIFIC_PID=abc#x");
  const before = history.length;
  clearAddress();
  expect(location.pathname + location.search + location.hash).toBe("/study#x");
  expect(history.length).toBe(before);
});

test("a reload finds the visit again", () => {
  expect(recall()).toBeNull();
  const visit = remember({ token: "s1.sig", stage: "work", preview: false });
  expect(recall()).toEqual(visit);
});

test("a session has one name, whichever token it has", () => {
  expect(sessionKey("s1.sig")).toBe(sessionKey("s1.other"));
  expect(sessionKey("opaque")).toBe("opaque");
});

test("a reload keeps the tab's id; a duplicate of a living tab cannot have it", () => {
  const tab = claimTab();
  expect(sessionStorage.length).toBe(0);
  const duplicate = claimTab();
  expect(duplicate).not.toBe(tab);
  sessionStorage.clear();
  const alone = claimTab();
  dispatchEvent(new Event("pagehide"));
  expect([alone, tab, duplicate]).toContain(claimTab());
});

test("the newer tab of a session takes over; others and other sessions do not mind", async () => {
  const lost: string[] = [];
  const stop = [
    takeOver("s1", "a", () => lost.push("a")),
    takeOver("s2", "b", () => lost.push("b")),
    takeOver("s1", "c", () => lost.push("c")),
  ];
  await new Promise((done) => setTimeout(done, 50));
  expect(lost).toEqual(["a"]);
  for (const one of stop) one();
});

test("the page for withdrawing has two addresses", () => {
  expect(isWithdrawal({ pathname: "/withdraw", hash: "" })).toBe(true);
  expect(isWithdrawal({ pathname: "/", hash: "#withdraw" })).toBe(true);
  expect(isWithdrawal({ pathname: "/", hash: "#" })).toBe(false);
});
