"""Step 0003: chunks have one key alone, which begins with the session."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take away what every chunk had to be entered in beside its key; SQLite makes the table anew for it."""
    op.drop_index("ix_chunk_page", table_name="chunk")
    with op.batch_alter_table("chunk") as chunk:
        chunk.drop_constraint("fk_chunk_page", type_="foreignkey")
