"""Shares this PC's hall with other PCs, or joins one.

`hosting.py` is the one process of a PC that shares its hall, and does the hall's chores. `server.py` is the server (its
own, or a given one), and the lock and the note by which other processes know of it. The server
outlives the process when that is killed and is taken over at the next start.

The bundled server knows no TLS and listens on its PC's loopback alone. Other PCs come through the gate (`gate.py`, a
thread of its own): TLS 1.3 with the hall's own certificate. It hands on what it hears and knows no password: SCRAM
proves that to the server, end to end. It does its TLS in memory, because PostgreSQL asks for it in plain words first
while a joining PC begins with it. A guest that has proven nothing after ten seconds is disconnected.

A PC joins at the same port, told apart by TLS's protocol name: `joining.py` and `join_service.py` exchange lines of
JSON (decisions/joining.md). What a PC keeps of it is in `credentials.py`."""
