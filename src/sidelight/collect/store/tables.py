"""The store's tables, for SQLite and PostgreSQL alike. Times are seconds since 1970, durations are ms.

A change here needs a step in `migrations/versions`; a test compares what the steps build with what stands here.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables but the vault's: who somebody is lies apart (`store.vault`)."""

picture = sa.Table(
    "picture",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, doc="random: says nothing of the picture"),
    sa.Column("pool", sa.Text, nullable=False, doc="images or distractors: the folder that `path` counts from"),
    sa.Column("path", sa.Text, nullable=False, doc="within the pool's folder, with forward slashes"),
    sa.Column("width", sa.Integer, nullable=False, doc="pixels, upright"),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("label", sa.Text, nullable=False, doc="class that its folder names; '' if none"),
    sa.Column("gold", sa.Boolean, nullable=False, doc="its truth is known and used for screening"),
    sa.Column("boxes", sa.JSON, nullable=True, doc="gold: [[x0, y0, x1, y1], ...] of the object, in [0, 1]"),
    sa.UniqueConstraint("pool", "path"),
    sa.Index(None, "label", "id"),
    sa.Index(None, "gold", "id"),
)

hit = sa.Table(
    "hit",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("ordinal", sa.Integer, nullable=False, unique=True),
    sa.Column("pages", sa.JSON, nullable=False, doc="plans of its pages (`store.plan.Plan`)"),
    sa.Column("wanted", sa.Integer, nullable=False, doc="annotators"),
    sa.Column("taken", sa.Integer, nullable=False, doc="live leases and answers in time: never above `wanted`"),
    sa.CheckConstraint("taken >= 0 AND taken <= wanted", name="ck_hit_taken"),
    sa.Index(
        "ix_hit_open",
        "ordinal",
        sqlite_where=sa.text("taken < wanted"),
        postgresql_where=sa.text("taken < wanted"),
    ),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, doc="a random pseudonym"),
    sa.Column("panel", sa.Text, nullable=False, doc="where the person came from: link, prolific, generic"),
    sa.Column("state", sa.Text, nullable=False, doc="see `store.people.State`"),
    sa.Column("preview", sa.Boolean, nullable=False, doc="a requester looks: takes no place and records nothing"),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("condition", sa.JSON, nullable=False, doc="of the interface: {pointer_dot, blurred}"),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("consent_version", sa.Text, nullable=True),
    sa.Column("consent_at", sa.Float, nullable=True),
    sa.Column("publish", sa.Boolean, nullable=False, doc="agreed that the byproducts are published"),
    sa.Column("practised_at", sa.Float, nullable=True),
    sa.Column("finished_at", sa.Float, nullable=True),
    sa.Column("withdraw_hash", sa.Text, nullable=True, unique=True, doc="SHA-256 of the token"),
    sa.Column("withdrawn_at", sa.Float, nullable=True),
    sa.Column("excluded", sa.Text, nullable=False, doc="an admin's reason to leave it out of exports; '' if none"),
    sa.Index(None, "state"),
    sa.Index(None, "created_at"),
)

consent = sa.Table(
    "consent",
    metadata,
    sa.Column("version", sa.Text, primary_key=True, doc="SHA-256 of all that was shown"),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False, doc="Markdown, as it was when somebody agreed"),
    sa.Column("first_at", sa.Float, nullable=False),
)

assignment = sa.Table(
    "assignment",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("hit", sa.ForeignKey("hit.id"), nullable=False),
    sa.Column("session", sa.ForeignKey("session.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False, doc="leased, submitted, returned, expired or withdrawn"),
    sa.Column("leased_at", sa.Float, nullable=False),
    sa.Column("leased_until", sa.Float, nullable=False),
    sa.Column("submitted_at", sa.Float, nullable=True, doc="of its last page"),
    sa.Column("late", sa.Boolean, nullable=False, doc="done after its place was given away: beyond `hit.wanted`"),
    sa.UniqueConstraint("session", "hit"),
    sa.Index(None, "hit"),
    sa.Index(None, "state", "leased_until"),
)

page = sa.Table(
    "page",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("assignment", sa.ForeignKey("assignment.id"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False, doc="from 0: which plan of `hit.pages`"),
    sa.Column("state", sa.Text, nullable=False, doc="waiting, shown or submitted"),
    sa.Column("segments", sa.Integer, nullable=False, doc="how often it was shown"),
    sa.Column("tried_at", sa.Float, nullable=True, doc="first attempt to submit"),
    sa.Column("submitted_at", sa.Float, nullable=True),
    sa.Column("complete", sa.Boolean, nullable=True, doc="every chunk was there"),
    sa.Column("late", sa.Boolean, nullable=True, doc="the lease had ended"),
    sa.Column("agrees", sa.Boolean, nullable=True, doc="the client's answer is what its log comes to"),
    sa.Column("answer", sa.JSON, nullable=True),
    sa.Column("active_ms", sa.Float, nullable=True),
    sa.Column("idle_ms", sa.Float, nullable=True),
    sa.Column("hidden_ms", sa.Float, nullable=True),
    sa.UniqueConstraint("assignment", "ordinal"),
    sa.Index(None, "submitted_at"),
)

chunk = sa.Table(
    "chunk",
    metadata,
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("tab", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("page", sa.Text, nullable=False, doc="of the session's own, as `store.chunks.put` sees to"),
    sa.Column("segment", sa.Integer, nullable=False),
    sa.Column("n", sa.Integer, nullable=False, doc="pointer samples"),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False, doc="packed (`store.packing.pack`)"),
    sa.PrimaryKeyConstraint("session", "tab", "seq"),
)
"""Chunks as they came. They have one key alone: with an index of pages beside it keeping one took half as long again,
and a page's chunks are found among its session's."""

bundle = sa.Table(
    "bundle",
    metadata,
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("tab", sa.Text, nullable=False),
    sa.Column("first", sa.Integer, nullable=False, doc="number of its first chunk"),
    sa.Column("last", sa.Integer, nullable=False, doc="number of its last chunk; none between is missing"),
    sa.Column("page", sa.ForeignKey("page.id"), nullable=False),
    sa.Column("segment", sa.Integer, nullable=False),
    sa.Column("n", sa.Integer, nullable=False, doc="pointer samples of all"),
    sa.Column("received_at", sa.Float, nullable=False, doc="of the one that came last"),
    sa.Column("body", sa.LargeBinary, nullable=False, doc="`store.bundles.pack_together`"),
    sa.PrimaryKeyConstraint("session", "tab", "first"),
    sa.Index(None, "page"),
)
"""Chunks of submitted pages, packed together."""

completion = sa.Table(
    "completion",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("session", sa.ForeignKey("session.id"), nullable=False, unique=True),
    sa.Column("issued_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float, nullable=True),
)

payout = sa.Table(
    "payout",
    metadata,
    sa.Column("session", sa.ForeignKey("session.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False, doc="approve, reject or bonus"),
    sa.Column("ordinal", sa.Integer, nullable=False, doc="from 0: a person may be given more than one bonus"),
    sa.Column("cents", sa.Integer, nullable=False, doc="of a bonus, in hundredths of the study's currency"),
    sa.Column("bulk", sa.Text, nullable=False, doc="the panel's id of the payment that a bonus is part of; '' if none"),
    sa.Column("state", sa.Text, nullable=False, doc="sending or sent"),
    sa.Column("at", sa.Float, nullable=False),
    sa.PrimaryKeyConstraint("session", "kind", "ordinal"),
)
"""What the panel was told to pay, or not to: nothing of it is ever sent twice."""

tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, doc="withdrawn or retention"),
    sa.Column("chunks", sa.Integer, nullable=False),
    sa.Column("samples", sa.Integer, nullable=False),
    sa.Column("answers", sa.Integer, nullable=False),
)
"""What was deleted, in numbers only: nothing leads back to the person."""

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
"""What changes while a campaign runs and all its processes must agree on: whether it is open, passwords' hashes."""
