/** From the link to the completion code: which screen comes next, and what happens when something is in the way. */

import type { Agreement, PageSpec, Session } from "../record/records.gen";
import type { Outbox, State } from "../send/outbox";
import { speak } from "../ui/words";
import * as api from "./api";
import { loadOutbox, loadRecord, loadTask, Unloaded } from "./parts";
import { faultOf, hasPages, passes, pause, type Screen } from "./stage";
import { claimTab, clearAddress, isRecord, isWithdrawal, parameters, recall, remember, sessionKey, takeOver, type Visit } from "./visit";

/** After this long a page is shown though this tab's chunks are not sent yet; they follow by themselves. */
const DRAIN_MS = 4000;
/** What an earlier tab left is waited for longer: on the page that it is about, it is part of what has been done. */
const SWEEP_MS = 20_000;

export class Journey {
  readonly tab = claimTab();
  visit: Visit | null = recall();
  /** Opened after consent; null before, and in a preview. */
  outbox: Outbox | null = null;
  /** Fills in the form for withdrawing. */
  withdrawKey = "";
  private attempt = 0;
  private wake: () => void = () => {};
  private stopListening: () => void = () => {};

  /**
   * @param show - shows a screen instead of the one before.
   * @param saved - says whether the record is saved, whenever that changes.
   */
  constructor(
    private readonly show: (screen: Screen) => void,
    private readonly saved: (state: State) => void,
  ) {}

  /** Begins with the address: its parameters are exchanged for a token, and leave it at once. */
  async start(): Promise<void> {
    addEventListener("online", () => this.wake());
    addEventListener("hashchange", () => void this.open());
    await this.open();
  }

  /** The page for withdrawing has an address of its own, and needs no session; so has that of one's own record. */
  async open(): Promise<void> {
    if (isWithdrawal(location)) return this.show({ show: "withdraw" });
    const { visit } = this;
    if (visit && isRecord(location)) return this.run(async () => ({ show: "record", View: await loadRecord(), token: visit.token }));
    const given = parameters(location.search);
    if (this.visit && !Object.keys(given).length) return this.next();
    await this.run(async () => {
      const session = await api.arrive({ parameters: given });
      clearAddress();
      if (!session.token) return { show: "closed" };
      this.enter(session);
      return this.screen();
    });
  }

  /** Whatever comes next, as the service knows it. */
  next(): Promise<void> {
    return this.run(() => this.screen());
  }

  agree(agreement: Agreement): Promise<void> {
    return this.run(async () => {
      this.enter(await api.agree(this.visit!.token, agreement));
      return agreement.agreed ? this.screen() : { show: "declined" };
    });
  }

  giveBack(): Promise<void> {
    return this.run(async () => {
      this.enter(await api.giveBack(this.visit!.token));
      // Whoever finished a hit before this one has earned her code.
      return this.visit!.stage === "done" ? this.screen() : { show: "returned" };
    });
  }

  /** Tries again now what waits for its next try. */
  retry(): void {
    this.wake();
  }

  /** Whether what is done on a page is recorded. */
  recorded(page: PageSpec): boolean {
    return !page.practice && !this.visit!.preview;
  }

  private enter(session: Session): void {
    this.visit = remember(session);
  }

  private async screen(): Promise<Screen> {
    const { token, stage } = this.visit!;
    if (stage === "consent") return this.consent();
    if (stage !== "closed") await this.keep();
    const { page, withdraw_token: withdrawKey, ...next } = await api.nextPage(token);
    this.enter({ ...this.visit!, stage: next.stage });
    this.withdrawKey = withdrawKey;
    if (next.stage === "consent") return this.consent();
    if (next.stage === "done") return { show: "finish", completion: await api.finish(token) };
    if (!page || !hasPages(next.stage)) return { show: "closed" };
    await loadTask(this.recorded(page));
    speak([page.wording.locale, ...navigator.languages]);
    return { show: "page", page };
  }

  private async consent(): Promise<Screen> {
    const text = await api.consentText(this.visit!.token);
    speak([text.locale, ...navigator.languages]);
    return { show: "consent", text };
  }

  /** Opens the outbox, sends what an earlier visit left in it, and takes the session over from other tabs. */
  private async keep(): Promise<void> {
    const { token, preview } = this.visit!;
    if (preview) return;
    const session = sessionKey(token);
    this.stopListening();
    this.stopListening = takeOver(session, this.tab, () => this.lost());
    if (!this.outbox) {
      const { Outbox } = await loadOutbox();
      this.outbox = await Outbox.open(session, token, this.tab);
      this.outbox.onState(this.saved);
    }
    await this.outbox.swept(SWEEP_MS);
    const enough = new Promise((done) => setTimeout(done, DRAIN_MS));
    await Promise.race([this.outbox.drain(), enough]);
  }

  private lost(): void {
    this.attempt++;
    this.show({ show: "fault", fault: { kind: "elsewhere" } });
  }

  /** Shows what a step leads to. What may pass by itself is tried again; anything newer ends the trying. */
  private async run(step: () => Promise<Screen>): Promise<void> {
    const mine = ++this.attempt;
    for (let tries = 0; mine === this.attempt; tries++) {
      try {
        const screen = await step();
        if (mine === this.attempt) this.show(screen);
        return;
      } catch (error) {
        if (mine !== this.attempt) return;
        const fault = faultOf(error, navigator.onLine);
        this.show({ show: "fault", fault });
        if (!passes(fault)) return;
        await this.waited(pause(tries));
        // A browser may remember that a script could not be loaded; the record so far is on the device.
        if (error instanceof Unloaded) return location.reload();
      }
    }
  }

  /** Resolves after a while, or when the person or the network says so. */
  private waited(ms: number): Promise<void> {
    return new Promise((done) => {
      this.wake = done;
      setTimeout(done, ms);
    });
  }
}
