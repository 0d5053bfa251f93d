"""Alembic's entry: migrates over the connection that indexer.database hands it."""

from alembic import context

from indexer.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
