"""Who is who, apart from the data: the panels' ids of people, encrypted, for as long as payment needs them.

A bare hash of a panel's id would be no pseudonym: whoever has a list of ids can hash them all. Here people are found
again by a keyed hash (HMAC-SHA-256), and what payment needs is encrypted (JWE, A256GCM), both under the campaign's key.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import sqlalchemy as sa
from joserfc import jwe
from joserfc.jwk import OctKey

from sidelight.collect.store.upsert import insert

metadata = sa.MetaData()

SCHEMA = "vault"
"""Of PostgreSQL; an SQLite vault is a file of its own."""

identity = sa.Table(
    "identity",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("panel", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False, unique=True, doc="keyed hash of panel and id"),
    sa.Column("fields", sa.Text, nullable=False, doc="encrypted"),
    sa.Column("at", sa.Float, nullable=False),
    schema=SCHEMA,
)

HEADER = {"alg": "dir", "enc": "A256GCM"}


class Identity(msgspec.Struct, frozen=True):
    """What a panel told of a person.

    Attributes:
        session: her pseudonym.
        panel: where from.
        fields: name -> value, such as the panel's id of the person and of the submission.
    """

    session: str
    panel: str
    fields: dict[str, str]


class Vault:
    """Keeps identities.

    Args:
        place: the vault's own SQLite file, made readable to its owner alone; or a PostgreSQL URL.
        key: of this campaign, 32 bytes or more.
    """

    def __init__(self, place: Path | str, key: bytes) -> None:
        self._hashing = hmac.digest(key, b"person", hashlib.sha256)
        self._sealing = OctKey.import_key(hmac.digest(key, b"fields", hashlib.sha256))
        self._engine = _open(place)

    def remember(self, session: str, *, panel: str, person: str, fields: Mapping[str, str], now: float) -> str:
        """Keep who somebody is, unless she is known.

        Args:
            session: her pseudonym, if she is new.
            panel: where from.
            person: the panel's id of her.
            fields: what payment will need.
            now: seconds since 1970.

        Returns:
            The session that she has: this one, or the one under which she was known.
        """
        sealed = jwe.encrypt_compact(HEADER, msgspec.json.encode(dict(fields)), self._sealing)
        row = {"session": session, "panel": panel, "person": self._hash(panel, person), "fields": sealed, "at": now}
        with self._engine.begin() as c:
            c.execute(insert(c, identity).values(row).on_conflict_do_nothing())
        return self.session_of(panel, person) or session

    def session_of(self, panel: str, person: str) -> str | None:
        """The session of somebody who was here before; None if nobody is known by that id."""
        with self._engine.begin() as c:
            known = sa.select(identity.c.session).where(identity.c.person == self._hash(panel, person))
            return c.execute(known).scalar()

    def identity(self, session: str) -> Identity | None:
        """Who a session is; None if that was never known, or is forgotten."""
        with self._engine.begin() as c:
            row = c.execute(sa.select(identity).where(identity.c.session == session)).one_or_none()
        return None if row is None else self._opened(row.session, row.panel, row.fields)

    def identities(self) -> Iterator[Identity]:
        """All that are known, for the list of payments."""
        with self._engine.begin() as c:
            rows = c.execute(sa.select(identity).order_by(identity.c.session)).all()
        return (self._opened(row.session, row.panel, row.fields) for row in rows)

    def forget(self, *sessions: str) -> int:
        """Delete identities, once they are paid; they cannot be found again.

        Returns:
            How many there were.
        """
        with self._engine.begin() as c:
            return c.execute(sa.delete(identity).where(identity.c.session.in_(sessions))).rowcount

    def forget_before(self, at: float) -> int:
        """Delete identities that were remembered before a time (seconds since 1970)."""
        with self._engine.begin() as c:
            return c.execute(sa.delete(identity).where(identity.c.at < at)).rowcount

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _hash(self, panel: str, person: str) -> str:
        return hmac.new(self._hashing, f"{panel}\0{person}".encode(), hashlib.sha256).hexdigest()

    def _opened(self, session: str, panel: str, sealed: str) -> Identity:
        opened = jwe.decrypt_compact(sealed, self._sealing).plaintext
        return Identity(session, panel, msgspec.json.decode(opened or b"{}", type=dict[str, str]))


def _open(place: Path | str) -> sa.Engine:
    if isinstance(place, str) and place.startswith("postgresql"):
        engine = sa.create_engine(sa.make_url(place).set(drivername="postgresql+psycopg"), hide_parameters=True)
        with engine.begin() as c:
            c.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
            metadata.create_all(c)
        return engine
    file = Path(place)
    if not file.exists():
        file.touch(mode=0o600)
    file.chmod(0o600)
    own = {"schema_translate_map": {SCHEMA: None}}
    engine = sa.create_engine(f"sqlite:///{file}", execution_options=own, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare)
    metadata.create_all(engine)
    return engine


def _prepare(raw: sa.engine.interfaces.DBAPIConnection, _: sa.pool.ConnectionPoolEntry) -> None:
    cursor = raw.cursor()
    for pragma in ("busy_timeout = 30000", "synchronous = FULL", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
