"""What alembic runs; ``infrazen.db.migrations`` hands it the connection."""

from alembic import context

from infrazen.db.migrations import options

context.configure(connection=context.config.attributes["connection"], **options())
with context.begin_transaction():
    context.run_migrations()
