"""Reads and writes files as people name them: whole, within limits, and never over the hall's own data.

`reading.py` is the one way to read a file that a person gave or may have touched. Each kind of file has a limit for its
size, its rows and its depth. A device or a pipe is read up to that limit and keeps nobody waiting.

`writing.py` is the one way to write a file: whole, under another name first, with the inode checked again right before
it takes its place. A device or a pipe is written to as a stream.

An output never replaces a database of halls (known by the mark in its header, whatever its version), journals, backups
and exports, this PC's settings, locks, a server's folder. It never opens a file that this process has open as a
database, because closing it would drop SQLite's locks. `Database` says which files those are.

`table.py` reads the cells of a workbook or a CSV file, with the number of their line.

`lock.py` lets one process of this PC at a time do a thing (print, speak, write the reports); it never locks a hall.

`writing.py` also keeps files from other users of the PC. Tests list every other place that reads or writes files, each
with its reason, and walk the paths of all commands."""
