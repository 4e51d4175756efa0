"""What Alembic runs to walk the steps, on the connection that it was handed (`run.upgrade`)."""

from alembic import context

from sidelight.collect.store.tables import metadata


def walk() -> None:
    """Walk, within the transaction that is under way."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic loads this file; any other import only reads it
    walk()
