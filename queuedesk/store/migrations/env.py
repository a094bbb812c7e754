"""What Alembic runs: the revisions, inside the transaction that migrate.upgrade_tables_to_newest() is given."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True, transactional_ddl=True)
context.run_migrations()
