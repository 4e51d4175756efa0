/**
 * Where chunks lie until the service has them: IndexedDB, which survives a crash of the tab.
 *
 * Where there is none (some private windows, a full disk) memory must do, and `durable` says so.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

/** A chunk that the service has not acknowledged. */
export interface Parcel {
  session: string;
  tab: string;
  seq: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** `Date.now()` when it was laid here. */
  at: number;
}

export interface Shelf {
  /** Whether what lies here survives the tab. */
  readonly durable: boolean;
  put(parcel: Parcel): Promise<void>;
  remove(parcel: Parcel): Promise<void>;
  /** All of a session, by tab and number. */
  all(session: string): Promise<Parcel[]>;
  /** Throws away what was laid here before `at`, whoever's it is. */
  forget(at: number): Promise<void>;
}

interface Schema extends DBSchema {
  parcel: { key: [string, string, number]; value: Parcel; indexes: { at: number } };
}

/** The device's shelf; one of memory if the browser has no other. */
export async function openShelf(): Promise<Shelf> {
  try {
    const database = await openDB<Schema>("sidelight", 1, {
      upgrade(fresh) {
        fresh.createObjectStore("parcel", { keyPath: ["session", "tab", "seq"] }).createIndex("at", "at");
      },
    });
    await database.count("parcel");
    return new DiskShelf(database);
  } catch {
    return new MemoryShelf();
  }
}

class DiskShelf implements Shelf {
  readonly durable = true;

  constructor(private readonly database: IDBPDatabase<Schema>) {}

  async put(parcel: Parcel): Promise<void> {
    const transaction = this.database.transaction("parcel", "readwrite");
    const put = transaction.store.put(parcel);
    // At once: a page that is going does not live to see a transaction commit itself, and would take the chunk along.
    transaction.commit();
    await Promise.all([put, transaction.done]);
  }

  async remove({ session, tab, seq }: Parcel): Promise<void> {
    await this.database.delete("parcel", [session, tab, seq]);
  }

  all(session: string): Promise<Parcel[]> {
    // In the order of keys an array comes after all numbers and texts: every [session, tab, seq] lies between these.
    return this.database.getAll("parcel", IDBKeyRange.bound([session], [session, []]));
  }

  async forget(at: number): Promise<void> {
    const transaction = this.database.transaction("parcel", "readwrite");
    for await (const cursor of transaction.store.index("at").iterate(IDBKeyRange.upperBound(at, true))) await cursor.delete();
    await transaction.done;
  }
}

/** The outbox holds what it sends itself; there is nothing to find here later. */
class MemoryShelf implements Shelf {
  readonly durable = false;
  put = (): Promise<void> => Promise.resolve();
  remove = (): Promise<void> => Promise.resolve();
  all = (): Promise<Parcel[]> => Promise.resolve([]);
  forget = (): Promise<void> => Promise.resolve();
}
