/** The parts of the front end that are loaded only when they are wanted: nothing that records before consent. */

import type { Recorder } from "../record/recorder";
import type { Outbox } from "../send/outbox";
import type { Record as RecordView } from "../ui/record";
import { Unreachable } from "./api";
import type { Sitting } from "./sitting";

/** A part could not be loaded: no network, or the service has been renewed since this page was opened. */
export class Unloaded extends Unreachable {}

/** What shows a task, and what records it, if it is to be recorded. */
export interface Task {
  Sitting: typeof Sitting;
  Recorder: typeof Recorder | null;
}

export async function loadTask(recorded: boolean): Promise<Task> {
  const [sitting, recorder] = await loaded(Promise.all([import("./sitting"), recorded ? import("../record/recorder") : null]));
  return { Sitting: sitting.Sitting, Recorder: recorder && recorder.Recorder };
}

export async function loadOutbox(): Promise<{ Outbox: typeof Outbox }> {
  return loaded(import("../send/outbox"));
}

export async function loadRecord(): Promise<typeof RecordView> {
  return (await loaded(import("../ui/record"))).Record;
}

async function loaded<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (error) {
    throw new Unloaded(String(error));
  }
}
