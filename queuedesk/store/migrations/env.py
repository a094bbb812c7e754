"""What Alembic runs: the revisions, inside the transaction that migrate.bring_up_to_date() is given."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True, transactional_ddl=True)
context.run_migrations()
