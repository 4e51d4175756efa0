/** Sending a page that may not get through at once: tried until it does, or until the service says no for good. */

import type { Submitted } from "../record/records.gen";
import { faultOf, passes, pause } from "./stage";

export interface Sending {
  /** Resolves with the answer; rejects only with what will not pass by itself. */
  done: Promise<Submitted>;
  /** Tries now instead of later. */
  hurry(): void;
}

/**
 * @param send - one try.
 * @param waiting - called after each try that failed for now.
 */
export function persist(send: () => Promise<Submitted>, waiting: () => void): Sending {
  let wake = (): void => {};
  const wait = (ms: number): Promise<void> =>
    new Promise((done) => {
      wake = done;
      setTimeout(done, ms);
    });
  const loop = async (): Promise<Submitted> => {
    for (let tries = 0; ; tries++) {
      try {
        return await send();
      } catch (error) {
        if (!passes(faultOf(error, navigator.onLine))) throw error;
        waiting();
        await wait(pause(tries));
      }
    }
  };
  const hurry = (): void => wake();
  addEventListener("online", hurry);
  return { done: loop().finally(() => removeEventListener("online", hurry)), hurry };
}
