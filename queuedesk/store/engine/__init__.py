"""Opens databases: SQLite files and PostgreSQL servers, their versions, locks and wake-ups.

A hall stands in a file or in a database on a server, and nothing above the store differs. `Database` has two doors,
`read()` and `write(hall)`.

On a server (`server_link.py`) a transaction begins with one statement: a read with its snapshot, a write with its
limits and the hall's row `FOR NO KEY UPDATE`, so that writers of one hall queue and others go on. Connections are in
autocommit, so that BEGIN is ours to send; a read ends with COMMIT, because the driver forgets its prepared statements
after a ROLLBACK. A connection that the server closed is replaced as long as nothing was sent; after that
"database_away" leaves open whether a commit arrived, and the command's id tells. A PC that falls asleep with the lock
loses it. What a command changed is sent with its commit (`server_link.run_writes_at_commit`): a call is 12 statements
in 7 round trips. Statements that every command sends are written out once and go past SQLAlchemy (`types.py`).

The server's clock goes in place of any PC's in a shared hall; it is read in the statement that waits for the lock.
`server_login.py` opens each connection within two seconds in all (decisions/logging-in.md).

`wakeups.py` tells a follower when to look: by the mark of the file, on Linux as soon as its journal was written, or on
a server by `notifying.py`, which listens for the word sent after each commit (decisions/wake.md) on a connection and
thread of its own and asks once a second for epoch and seq. Where no answer comes it interrupts whatever else of the
process waits for that server, and tries twice a second until it is back.

Tables are made from `store/schema.py`; a migration imports nothing of the program, and one that changes what follows
from the log says `REBUILDS = True` (decisions/upgrades.md). `database.py` runs them, on a server one process at a time,
after a backup, for the owner only."""
