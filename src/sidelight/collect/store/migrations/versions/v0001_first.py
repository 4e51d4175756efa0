"""Step 0001: the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _pictures_and_hits()
    _people()
    _work()
    _recordings()


def _pictures_and_hits() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("gold", sa.Boolean(), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_picture"),
        sa.UniqueConstraint("pool", "path", name="uq_picture_pool_path"),
    )
    op.create_index("ix_picture_gold_id", "picture", ["gold", "id"], unique=False)
    op.create_index("ix_picture_label_id", "picture", ["label", "id"], unique=False)
    op.create_table(
        "hit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= wanted", name="ck_hit_taken"),
        sa.PrimaryKeyConstraint("id", name="pk_hit"),
        sa.UniqueConstraint("ordinal", name="uq_hit_ordinal"),
    )
    op.create_index(
        "ix_hit_open",
        "hit",
        ["ordinal"],
        unique=False,
        sqlite_where=sa.text("taken < wanted"),
        postgresql_where=sa.text("taken < wanted"),
    )


def _people() -> None:
    op.create_table(
        "consent",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_consent"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("panel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("preview", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("condition", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("consent_at", sa.Float(), nullable=True),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("practised_at", sa.Float(), nullable=True),
        sa.Column("finished_at", sa.Float(), nullable=True),
        sa.Column("withdraw_hash", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Float(), nullable=True),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("withdraw_hash", name="uq_session_withdraw_hash"),
    )
    op.create_index("ix_session_created_at", "session", ["created_at"], unique=False)
    op.create_index("ix_session_state", "session", ["state"], unique=False)
    op.create_table(
        "completion",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.Float(), nullable=False),
        sa.Column("used_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_completion_session"),
        sa.PrimaryKeyConstraint("code", name="pk_completion"),
        sa.UniqueConstraint("session", name="uq_completion_session"),
    )
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tombstone"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )


def _work() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hit", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("leased_at", sa.Float(), nullable=False),
        sa.Column("leased_until", sa.Float(), nullable=False),
        sa.Column("submitted_at", sa.Float(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name="fk_assignment_hit"),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_assignment_session"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.UniqueConstraint("session", "hit", name="uq_assignment_session_hit"),
    )
    op.create_index("ix_assignment_hit", "assignment", ["hit"], unique=False)
    op.create_index("ix_assignment_state_leased_until", "assignment", ["state", "leased_until"], unique=False)
    op.create_table(
        "page",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.Float(), nullable=True),
        sa.Column("submitted_at", sa.Float(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("active_ms", sa.Float(), nullable=True),
        sa.Column("idle_ms", sa.Float(), nullable=True),
        sa.Column("hidden_ms", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name="fk_page_assignment"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sa.UniqueConstraint("assignment", "ordinal", name="uq_page_assignment_ordinal"),
    )
    op.create_index("ix_page_submitted_at", "page", ["submitted_at"], unique=False)


def _recordings() -> None:
    op.create_table(
        "chunk",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("tab", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name="fk_chunk_page"),
        sa.PrimaryKeyConstraint("session", "tab", "seq", name="pk_chunk"),
    )
    op.create_index("ix_chunk_page", "chunk", ["page"], unique=False)
    op.create_table(
        "bundle",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("tab", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name="fk_bundle_page"),
        sa.PrimaryKeyConstraint("session", "tab", "first", name="pk_bundle"),
    )
    op.create_index("ix_bundle_page", "bundle", ["page"], unique=False)
