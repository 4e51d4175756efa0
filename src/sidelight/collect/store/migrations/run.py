"""Bringing a database up to date, whoever else does the same at the same time."""

from pathlib import Path

import sqlalchemy as sa

HEAD = "0003"
"""The newest step. A test holds it against the files."""

LOCK = 0x51DE_1167
"""Number of PostgreSQL's advisory lock under which one process at a time migrates."""


def upgrade(engine: sa.Engine) -> None:
    """Walk the steps that a database has not walked yet, in one transaction."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        if version(connection) != HEAD:
            _walk(connection)


def version(connection: sa.Connection) -> str:
    """The last step that a database has walked; "" if none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or ""


def _walk(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 (slow to import, and seldom needed)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
