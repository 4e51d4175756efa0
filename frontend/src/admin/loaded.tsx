/** What comes from the service: loading, there, or refused; and how lists page by key. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { get, type Query } from "./api";

export interface Loaded<T> {
  value: T | null;
  fault: string;
  again: () => void;
}

/** Asks for something now, and when `again` is called, and every `everyMs`. */
export function useLoaded<T>(ask: () => Promise<T>, asked: unknown[], everyMs = 0): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [fault, setFault] = useState("");
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    ask().then(
      (found) => {
        if (!wanted) return;
        setValue(() => found);
        setFault("");
      },
      (error: Error) => wanted && setFault(error.message),
    );
    const timer = everyMs ? window.setTimeout(() => setTurn(turn + 1), everyMs) : 0;
    return () => {
      wanted = false;
      window.clearTimeout(timer);
    };
  }, [...asked, turn]);
  return { value, fault, again: () => setTurn(turn + 1) };
}

export interface Listed<Row> {
  rows: Row[];
  next: string;
  total: number;
  more: boolean;
}

/** A list that is read page by page: what is before a page is remembered here, the service only knows what comes after a key. */
export function useList<Row>(route: string, query: Query): Loaded<Listed<Row>> & { turn: (by: 1 | -1) => void; first: boolean } {
  const asked = JSON.stringify(query);
  const [keys, setKeys] = useState({ asked, path: [""] });
  const path = keys.asked === asked ? keys.path : [""];
  const loaded = useLoaded(() => get<Listed<Row>>(route, { ...query, after: path.at(-1) }), [route, asked, path.at(-1)]);
  const turn = (by: 1 | -1): void => {
    const next = loaded.value?.next;
    if (by === 1 && next) setKeys({ asked, path: [...path, next] });
    if (by === -1) setKeys({ asked, path: path.slice(0, -1) });
  };
  return { ...loaded, turn, first: path.length <= 1 };
}

export function Shown<T>({ loaded, children }: { loaded: Loaded<T>; children: (value: T) => ComponentChildren }): JSX.Element {
  return (
    <>
      {loaded.fault && (
        <p class="fault" role="alert">
          {loaded.fault}{" "}
          <button type="button" onClick={loaded.again}>
            Try again
          </button>
        </p>
      )}
      {loaded.value !== null ? children(loaded.value) : !loaded.fault && <p class="note">Loading …</p>}
    </>
  );
}

export function Pager<Row>({ list }: { list: ReturnType<typeof useList<Row>> }): JSX.Element {
  const value = list.value;
  return (
    <nav class="pager" aria-label="Pages of the list">
      <button type="button" disabled={list.first} onClick={() => list.turn(-1)}>
        Back
      </button>
      <span>{value ? `${value.more ? "at least " : ""}${value.total.toLocaleString()} found` : ""}</span>
      <button type="button" disabled={!value?.next} onClick={() => list.turn(1)}>
        Next
      </button>
    </nav>
  );
}
