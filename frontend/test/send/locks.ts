/** Web Locks in memory: exclusive ones, had in the order in which they were asked for. */

type Work = () => Promise<unknown>;

export class FakeLocks {
  private readonly last = new Map<string, Promise<unknown>>();

  request(name: string, ...rest: [Work] | [{ signal: AbortSignal }, Work]): Promise<unknown> {
    const work = rest.at(-1) as Work;
    const signal = rest.length === 2 ? rest[0].signal : new AbortController().signal;
    const aborted = new Promise<"aborted">((done) => signal.addEventListener("abort", () => done("aborted")));
    const free = this.last.get(name) ?? Promise.resolve();
    const done = Promise.race([free, aborted]).then((how) => {
      if (how === "aborted" || signal.aborted) throw new DOMException("aborted", "AbortError");
      return work();
    });
    this.last.set(name, Promise.all([free, done.catch(() => {})]));
    return done;
  }
}
