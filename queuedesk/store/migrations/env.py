"""What Alembic runs: the revisions, inside the transaction that migrate.upgrade() has open."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True, transactional_ddl=True)
context.run_migrations()
