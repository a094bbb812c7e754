"""Opens databases: SQLite files and PostgreSQL servers, their versions, locks and wake-ups."""
