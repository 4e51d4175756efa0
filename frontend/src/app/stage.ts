/** What the app shows: one of these at a time. */

import type { Completion, ConsentText, PageSpec, Stage } from "../record/records.gen";
import type { Record as RecordView } from "../ui/record";
import { Refused, Unreachable } from "./api";

export type Fault =
  | { kind: "offline" | "gone" | "ended" | "elsewhere" }
  | { kind: "problem"; problem: string; remedy: string };

export type Screen =
  | { show: "loading" }
  | { show: "consent"; text: ConsentText }
  | { show: "page"; page: PageSpec }
  | { show: "finish"; completion: Completion }
  | { show: "record"; View: typeof RecordView; token: string }
  | { show: "closed" | "declined" | "returned" | "withdraw" }
  | { show: "fault"; fault: Fault };

/** What an error means to the person. */
export function faultOf(error: unknown, online: boolean): Fault {
  if (error instanceof Unreachable) return { kind: online ? "gone" : "offline" };
  if (error instanceof Refused && error.status === 401) return { kind: "ended" };
  if (error instanceof Refused) return { kind: "problem", problem: error.problem, remedy: error.remedy };
  return { kind: "problem", problem: error instanceof Error ? error.message : String(error), remedy: "" };
}

/** Whether a fault may pass by itself, so that trying again is worth it. */
export function passes(fault: Fault): boolean {
  return fault.kind === "offline" || fault.kind === "gone";
}

/** Pause before the n-th try (from 0), ms: 1 s, 2 s, 4 s ... at most 15 s. */
export function pause(tries: number): number {
  return Math.min(15_000, 1000 * 2 ** tries);
}

/** Whether a stage has pages. */
export function hasPages(stage: Stage): boolean {
  return stage === "practice" || stage === "work";
}
