"""Shares a hall between PCs.

`sharing.py` moves a hall from its file to a server: under the file's write lock everything is written as a pack, loaded
in one transaction, counted table by table, and the chains are read again there; then the file's `database.moved_to` is
set, which `Database.write` looks at in every change. The server commits first: a crash in between leaves the hall in
both places, and the next try finds its own copy.

`skew.py` tells of a PC whose clock is wrong as of a device: every station's process asks every 30 seconds, between two
readings of the PC's own clock, so that a slow network makes no clock wrong. `join_codes.py` counts the tries at a code.
"""
