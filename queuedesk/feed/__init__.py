"""Events past a seq, in order and once, for every screen.

`follower.py` reads events past a number, woken by `store/engine/wakeups.py`. It says when the database is away and goes
on when it is back. A database that was begun anew has another epoch, and whoever follows takes a fresh snapshot. A
process that slept reads what came meanwhile before it calls anything silent."""
