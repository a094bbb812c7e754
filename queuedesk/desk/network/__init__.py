"""Shares a hall between PCs.

`sharing.py` moves a hall from its file to a server: under the file's write lock everything is written as a pack, loaded
in one transaction, counted table by table, and the chains are read again there; then the file's `database.moved_to` is
set, which `Database.write` looks at in every change. The server commits first: a crash in between leaves the hall in
both places, and the next try finds its own copy.

It also admits PCs and counts the tries at a code. Whether a PC's clock is wrong, `desk/upkeep/clocks.py` finds
out.
"""
