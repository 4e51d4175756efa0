"""Inserting what may be there already: both databases can, SQLAlchemy spells it differently for each."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert | postgresql.Insert


def insert(c: sa.Connection, table: sa.Table) -> Insert:
    """An INSERT that knows ON CONFLICT, in the connection's dialect."""
    return sqlite.insert(table) if c.dialect.name == "sqlite" else postgresql.insert(table)
