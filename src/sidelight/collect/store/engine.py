"""Opening a store: an SQLite file by default, PostgreSQL by URL, brought up to date by its migrations."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.pool import ConnectionPoolEntry

from sidelight.collect.store.disk import refuse_network
from sidelight.collect.store.migrations.run import upgrade
from sidelight.collect.store.writer import GroupWriter, T, Work
from sidelight.records.errors import UserFault

BUSY_MS = 30_000
"""How long SQLite waits for another process's lock."""

POSTGRES_WRITERS = 6
"""Connections of one process that write; PostgreSQL groups their commits itself."""

AGAIN = ("40001", "40P01")
"""PostgreSQL's codes for "serialisation failure" and "deadlock": do it again."""

TRIES = 5


class Store:
    """A campaign's database.

    Attributes:
        engine: for reading; `write` has its own connections.
        clock: seconds since 1970.
    """

    def __init__(self, engine: sa.Engine, writer: "GroupWriter | PoolWriter", *, clock: Callable[[], float]) -> None:
        self.engine, self.clock = engine, clock
        self._writer = writer
        self._closing = contextlib.ExitStack()

    def write(self, work: Work[T]) -> "Future[T]":
        """Do a piece of work in a transaction.

        Args:
            work: gets the connection; raises to have nothing of it kept. It must not commit. On PostgreSQL it may be
                called again, from the start.

        Returns:
            Resolved after the durable commit, from another thread (`asyncio.wrap_future` waits for it).
        """
        return self._writer.write(work)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database for the length of the block."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def scrub(self) -> None:
        """Let what was deleted vanish from the files, too: from SQLite's log, from PostgreSQL's dead rows."""
        if self.engine.dialect.name == "sqlite":
            with contextlib.closing(self.engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM chunk, bundle, page, assignment")

    def at_close(self, do: Callable[[], object]) -> None:
        """Have something done when the store is closed, after all writing."""
        self._closing.callback(do)

    def close(self) -> None:
        """Finish what is queued, then let go of the files."""
        self._writer.close()
        self.engine.dispose()
        self._closing.close()


class PoolWriter:
    """PostgreSQL's writers: a few threads, each piece of work in its own transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(POSTGRES_WRITERS, thread_name_prefix="sidelight-writer")

    def write(self, work: Work[T]) -> "Future[T]":
        """Queue a piece of work."""
        return self._threads.submit(self._attempt, work)

    def close(self) -> None:
        """Do what is queued, then stop."""
        self._threads.shutdown(wait=True)

    def _attempt(self, work: Work[T]) -> T:
        for left in reversed(range(TRIES)):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except sa.exc.DBAPIError as fault:
                if not left or getattr(fault.orig, "sqlstate", None) not in AGAIN:
                    raise
                time.sleep(0.01 * (TRIES - left))
        raise AssertionError("the last try returns or raises")


def open_store(url: str, *, clock: Callable[[], float], sole: bool = True) -> Store:
    """Open a store; make it, or bring its tables up to date, if need be.

    Args:
        url: `sqlite:///FILE` or `postgresql://...`.
        clock: seconds since 1970.
        sole: a service opens it: no other process may serve the same SQLite file. The command line says False, and
            looks or writes beside a running service.

    Raises:
        UserFault: no such kind of database, it cannot be reached, it lies on a network drive, or another service has
            it open.
    """
    address = _address(url)
    if address.get_backend_name() == "postgresql":
        return _open_postgres(address, clock)
    return _open_sqlite(address, clock, sole)


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        address = sa.URL.create("none")
    backend = address.get_backend_name()
    file = address.database not in (None, "", ":memory:")
    if (backend == "sqlite" and file) or (backend == "postgresql" and address.drivername != "postgresql+pg8000"):
        return address.set(drivername="sqlite" if backend == "sqlite" else "postgresql+psycopg")
    shown = address.render_as_string(hide_password=True)
    allowed = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
    raise UserFault("--db", seen=shown, allowed=allowed, remedy="Name the database in one of these ways")


def _engine(address: sa.URL, **options: Any) -> sa.Engine:  # noqa: ANN401 (they are SQLAlchemy's)
    return sa.create_engine(
        address,
        hide_parameters=True,  # they hold ids, and messages end in logs
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        **options,
    )


def _open_sqlite(address: sa.URL, clock: Callable[[], float], sole: bool) -> Store:
    file = Path(str(address.database))
    refuse_network(file)
    with contextlib.ExitStack() as undo:
        _private(file)
        if sole:
            lock = _lock(file)
            undo.callback(lock.close)
        writing = _engine(address, poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False})
        sa.event.listen(writing, "connect", _prepare)
        sa.event.listen(writing, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
        undo.callback(writing.dispose)
        try:
            upgrade(writing)
        except sa.exc.OperationalError as fault:
            raise _unreachable(address, fault) from fault
        reading = _engine(address)
        sa.event.listen(reading, "connect", _prepare)
        sa.event.listen(reading, "begin", lambda c: c.exec_driver_sql("BEGIN"))
        store = Store(reading, GroupWriter(writing), clock=clock)
        closing = undo.pop_all()
    store.at_close(closing.close)
    return store


def _private(file: Path) -> None:
    """Make the file, if need be, readable to its owner alone; SQLite makes its log beside it likewise."""
    try:
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError as fault:
        raise UserFault(
            f"store {file}",
            seen=str(fault.strerror),
            allowed="a folder that can be written to",
            remedy="Make it, or name another",
        ) from fault


def _prepare(raw: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Settings of every SQLite connection; transactions are begun by us, not by the driver."""
    raw.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
        "cache_size = -65536",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _lock(file: Path) -> sqlite3.Connection:
    """Hold a lock that ends with the process, however it ends: an exclusive transaction on a file beside the store."""
    beside = file.with_name(f"{file.name}.lock")
    try:
        lock = sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as fault:
        if "locked" not in str(fault):
            raise
        raise UserFault(
            f"store {file}",
            seen="another service has it open",
            allowed="one process with SQLite",
            remedy="Stop the other one, or make the campaign with --db postgresql://... for several processes",
        ) from fault
    return lock


def _open_postgres(address: sa.URL, clock: Callable[[], float]) -> Store:
    options = "-c timezone=utc -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s"
    arguments = {"options": " ".join(filter(None, [str(address.query.get("options", "")), options]))}
    engine = _engine(
        address, pool_size=POSTGRES_WRITERS + 2, max_overflow=8, pool_pre_ping=True, connect_args=arguments
    )
    try:
        upgrade(engine)
    except sa.exc.OperationalError as fault:
        engine.dispose()
        raise _unreachable(address, fault) from fault
    return Store(engine, PoolWriter(engine), clock=clock)


def _unreachable(address: sa.URL, fault: sa.exc.OperationalError) -> UserFault:
    said = str(fault.orig).strip().splitlines() or ["no answer"]
    where = address.render_as_string(hide_password=True)
    return UserFault(f"store {where}", seen=said[0], allowed="a database that answers", remedy="Start it, or mend --db")
