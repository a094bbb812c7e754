"""The day's end, backups, checks and repairs of the data.

The first write after the hall's day-end hour ends the dates before it (`dayend.py`). Before it does, it asks
whether anything bears witness that the time since the log's end has passed: the reading of a process that was up, a
station's sign of life, or, in a hall on another PC's server, a second clock that agrees. Where nothing does and
somebody would come to harm, or more than four days have passed, the change is refused (`clock_ahead`), and
`clocks.confirm` asks once more with the time that a person saw. Within 15 minutes of the log's end none of this costs
anything. `clocks.set_right` takes back a hall whose log ran ahead (decisions/clocks.md).

`backing_up.py` makes a backup, proves it by putting it back into a throw-away hall, and notes it; the place is chosen
and the lock held by `app/services/kept_reports.py`. Stations only look whether one is due
(`app/services/repeated_work.py`) and start the command. `maintenance.py` looks at a file before it is put back or
merged (decisions/backups.md).

`examining.py` is what `doctor` finds; it also tells whether a log is still the one that a printed sheet shows.
`maintenance.py` mends.
"""
