"""The database: session, tables, queries, migrations."""
