"""Backups, exports, moves of a whole database.

`pack.py` is the one format of backups and exports: each hall's log as it is printed, some tables beside it, and sums of
all. It also says what a proof of a backup compares; `backup_folder.py` knows the folder.

`exchange.py` merges: it appends the missing events as they are and applies each; nothing else is written into a merged
log, or the next merge would find another history. It also builds a database aside and puts it in place whole or not at
all, and loads a whole database into another and counts every row."""
