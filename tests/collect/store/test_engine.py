import contextlib
import sqlite3
import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from sidelight.collect.store import chunks, engine, setting
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.erasure import erase
from sidelight.collect.store.migrations import run
from sidelight.records.errors import UserFault


def test_migrations_build_what_the_tables_say(store):
    with store.read() as c:
        assert compare_metadata(MigrationContext.configure(c), t.metadata) == []
        assert run.version(c) == run.HEAD


def test_the_newest_step_is_the_one_that_is_walked_to():
    config = Config()
    config.set_main_option("script_location", str(run.Path(run.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [run.HEAD]


def _as_version_2(c) -> None:
    c.execute(sa.text("UPDATE alembic_version SET version_num = '0002'"))
    undo = Operations(MigrationContext.configure(c))
    undo.create_index("ix_chunk_page", "chunk", ["page"])
    with undo.batch_alter_table("chunk") as chunk:
        chunk.create_foreign_key("fk_chunk_page", "page", ["page"], ["id"])


def test_a_store_of_an_earlier_version_is_brought_up_to_date_and_loses_no_chunk(desk, store_url, open_stores):
    desk.fill(1)
    worker = desk.worker()
    page = desk.take(worker).id
    bodies = [b"SLC1 %d" % n for n in range(5)]
    for body in bodies:
        desk.send(worker, page, body=body)
    desk.do(_as_version_2)
    desk.store.close()
    later = open_stores(store_url)
    with later.read() as c:
        assert compare_metadata(MigrationContext.configure(c), t.metadata) == []
        assert chunks.of_page(c, page) == bodies
    assert later.write(lambda c: erase(c, worker, reason="withdrawn", free=True, now=1.0)).result().chunks == 5


def test_a_store_keeps_what_was_written_and_opens_again(store_url, open_stores):
    first = open_stores(store_url)
    first.write(lambda c: setting.write(c, "a", "1")).result()
    first.close()
    with open_stores(store_url).read() as c:
        assert setting.read(c, "a") == "1"


def test_work_that_raises_leaves_nothing_and_the_rest_of_its_group_stays(store):
    def broken(c) -> None:
        setting.write(c, "bad", "1")
        raise LookupError("no")

    works = [lambda c, i=i: setting.write(c, f"good {i}", "1") for i in range(5)]
    works.insert(2, broken)
    futures = [store.write(work) for work in works]
    with pytest.raises(LookupError, match="no"):
        futures[2].result()
    assert [future.exception() is None for future in futures] == [True, True, False, True, True, True]
    with store.read() as c:
        assert setting.read(c, "bad", "absent") == "absent"
        assert c.execute(sa.select(sa.func.count()).select_from(t.setting)).scalar() == 5


def test_work_that_breaks_a_rule_of_the_database_leaves_the_rest_of_its_group(store):
    twice = {"name": "x", "value": "1"}
    futures = [store.write(lambda c: c.execute(sa.insert(t.setting), twice) and None) for _ in range(3)]
    failed = sum(isinstance(future.exception(), sa.exc.IntegrityError) for future in futures)
    assert failed == 2


def test_messages_of_the_database_hold_no_ids(store):
    store.write(lambda c: setting.write(c, "geheim", "1")).result()
    with pytest.raises(sa.exc.IntegrityError) as fault:
        store.write(lambda c: c.execute(sa.insert(t.setting), {"name": "geheim", "value": "verborgen"})).result()
    assert "verborgen" not in str(fault.value)


def test_many_writers_at_once_lose_nothing(processes):
    def count(c) -> None:
        c.execute(sa.update(t.setting).values(value=sa.cast(sa.cast(t.setting.c.value, sa.Integer) + 1, sa.Text)))

    processes[0].write(lambda c: setting.write(c, "n", "0")).result()
    threads = [
        threading.Thread(target=lambda one=one: [one.write(count).result() for _ in range(10)])
        for one in processes
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with processes[0].read() as c:
        assert setting.read(c, "n") == str(100 * len(processes))


def test_a_reader_sees_one_state_and_does_not_block_writing(store):
    store.write(lambda c: setting.write(c, "n", "1")).result()
    with store.read() as c:
        before = setting.read(c, "n")
        store.write(lambda c: setting.write(c, "n", "2")).result(timeout=10)
        assert before == "1"
    with store.read() as c:
        assert setting.read(c, "n") == "2"


def test_a_closed_store_finishes_what_was_queued_and_takes_no_more(store_url, open_stores):
    store = open_stores(store_url)
    futures = [store.write(lambda c, i=i: setting.write(c, str(i), "1")) for i in range(50)]
    store.close()
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(RuntimeError):
        store.write(lambda c: None)


def test_sqlite_syncs_every_commit_and_wipes_what_is_deleted(tmp_path, open_stores):
    store = open_stores(f"sqlite:///{tmp_path / 's.sqlite'}")
    asked = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    for read in (True, False):
        for pragma, value in asked.items():
            ask = lambda c, pragma=pragma: c.exec_driver_sql(f"PRAGMA {pragma}").scalar()  # noqa: E731
            if read:
                with store.read() as c:
                    assert ask(c) == value
            else:
                assert store.write(ask).result() == value
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("s.sqlite*") if "lock" not in file.name}
    assert modes == {"s.sqlite": 0o600, "s.sqlite-wal": 0o600, "s.sqlite-shm": 0o600}


def test_a_second_service_on_the_same_file_is_refused_with_one_line(tmp_path, open_stores):
    url = f"sqlite:///{tmp_path / 's.sqlite'}"
    first = open_stores(url)
    with pytest.raises(UserFault, match="--db postgresql") as fault:
        open_stores(url)
    assert "\n" not in str(fault.value)
    beside = open_stores(url, sole=False)
    beside.write(lambda c: setting.write(c, "a", "1")).result()
    with first.read() as c:
        assert setting.read(c, "a") == "1"


def test_who_waits_is_told_when_the_file_stays_locked_and_later_work_goes_on(tmp_path, open_stores, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    store = open_stores(f"sqlite:///{tmp_path / 's.sqlite'}")
    with contextlib.closing(sqlite3.connect(tmp_path / "s.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            store.write(lambda c: setting.write(c, "a", "1")).result(timeout=10)
        other.execute("ROLLBACK")
    store.write(lambda c: setting.write(c, "a", "2")).result(timeout=10)


def test_nobody_waits_for_ever_when_the_database_drops_the_whole_transaction(tmp_path, open_stores):
    """SQLite rolls everything back by itself when the disk is full."""
    store, go = open_stores(f"sqlite:///{tmp_path / 's.sqlite'}"), threading.Event()

    def disk_full(c) -> None:
        c.connection.cursor().execute("ROLLBACK")
        raise OSError("disk full")

    futures = [store.write(lambda c: go.wait(10))]
    futures += [store.write(lambda c: setting.write(c, "a", "1")), store.write(disk_full)]
    go.set()
    assert [type(future.exception(timeout=10)).__name__ for future in futures] == ["OperationalError"] * 3
    store.write(lambda c: setting.write(c, "b", "2")).result(timeout=10)
    with store.read() as c:
        assert (setting.read(c, "a", "lost"), setting.read(c, "b")) == ("lost", "2")


HOLDER = """
import sys, time
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.erasure import erase
store = open_store(sys.argv[1], clock=lambda: 0.0)
print("open", flush=True)
time.sleep(60)
"""


def test_the_lock_ends_with_a_process_that_is_killed(tmp_path, open_stores):
    url = f"sqlite:///{tmp_path / 's.sqlite'}"
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(UserFault, match="another service"):
            open_stores(url)
        holder.kill()
    open_stores(url)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://u:geheim@h/d", "postgresql://u:geheim@127.0.0.1:1/d"],
)
def test_a_database_that_is_none_is_refused_without_its_password(url, clock):
    with pytest.raises(UserFault) as fault:
        open_store(url, clock=clock)
    assert "geheim" not in str(fault.value)
    assert "--db" in str(fault.value)


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path, clock):
    with pytest.raises(UserFault, match="folder that can be written"):
        open_store(f"sqlite:///{tmp_path}/no/such/s.sqlite", clock=clock)


class Deadlock(Exception):
    sqlstate = "40P01"


def test_postgresql_is_asked_again_after_a_deadlock_and_not_for_ever(postgres_url, open_stores):
    store, tries = open_stores(postgres_url), []

    def collide(c) -> int:
        tries.append(1)
        if len(tries) < 3:
            raise sa.exc.DBAPIError("x", None, Deadlock())
        return len(tries)

    assert store.write(collide).result() == 3

    def always(c) -> None:
        tries.append(1)
        raise sa.exc.DBAPIError("x", None, Deadlock())

    tries.clear()
    with pytest.raises(sa.exc.DBAPIError):
        store.write(always).result()
    assert len(tries) == engine.TRIES
