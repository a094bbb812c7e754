"""The log, and what is kept beside it.

`events.py` appends and reads, `book.py` is the board of the tables inside a write transaction: it reads what an event
touches and writes what changed at the end. `HallWriter.record` is asked about every new event; `HallWriter.take_over`
takes one of a merged log as it comes.

`journal.py` has what stands outside the log: refusals, PINs, comments, what was shown and spoken. PINs (hashed),
comments, names and announcements can be deleted without breaking the chain. What reads the log by date asks
`events.time_is_right_condition` first."""
