"""SQLite's one writer: a thread that puts everything waiting into one transaction and syncs the disk once for all.

Writers that fight for SQLite's lock starve each other (seconds at p99); one that commits in groups acknowledges
thousands of chunks a second, each of them durable before it is told so.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

T = TypeVar("T")
Work = Callable[[Connection], T]
"""A piece of work within a transaction; it may be called again if the database asks for that."""

GROUP = 256
"""Most pieces of work in one transaction: the first of them does not wait for ever."""


class GroupWriter:
    """Runs pieces of work in the order given; each stands or falls alone, all of a group become durable together.

    Args:
        engine: its connections are in autocommit mode; the writer says BEGIN and COMMIT itself.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="sidelight-writer", daemon=True)
        self._thread.start()

    def write(self, work: Work[T]) -> "Future[T]":
        """Queue a piece of work.

        Returns:
            Resolved with the work's result after the commit; with its exception (and nothing of it kept) otherwise.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("nothing can be written: the store is closed")
            self._waiting.put((work, future))
        return future

    def close(self) -> None:
        """Do what is queued, then stop."""
        with self._lock:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while (first := self._waiting.get()) is not None:
                if not self._group(connection, first):
                    return

    def _group(self, connection: Connection, first: tuple[Work[Any], Future[Any]]) -> bool:
        """One transaction; False when the end of the queue was met."""
        tried: list[Future[Any]] = []
        kept: list[tuple[Future[Any], Any]] = []
        item: tuple[Work[Any], Future[Any]] | None = first
        try:
            with connection.begin():
                while item is not None:
                    tried.append(item[1])
                    kept += _attempt(connection, *item)
                    if len(tried) >= GROUP or self._waiting.empty():
                        break
                    item = self._waiting.get()
        except Exception as broken:  # whoever waits must be told that nothing was kept
            for future in tried or [first[1]]:  # none was tried if not even the transaction could begin
                if not future.done():
                    future.set_exception(broken)
            return item is not None
        for future, result in kept:
            future.set_result(result)
        return item is not None


def _attempt(connection: Connection, work: Work[Any], future: "Future[Any]") -> list[tuple["Future[Any]", Any]]:
    """Do one piece of work within a savepoint."""
    if not future.set_running_or_notify_cancel():
        return []
    raw = connection.connection.cursor()
    raw.execute("SAVEPOINT item")
    try:
        result = work(connection)
    except Exception as fault:  # it goes to whoever asked
        raw.execute("ROLLBACK TO item")
        raw.execute("RELEASE item")
        future.set_exception(fault)
        return []
    raw.execute("RELEASE item")
    return [(future, result)]
