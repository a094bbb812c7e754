"""The day-end, backups, checks and repairs of the data.

The first write after the hall's day-end hour ends the dates before it (`dayend.py`), but first checks that the time
since the log's end has really passed. That is confirmed by the reading of a process that was running, a station's sign
of life, or, in a hall on another PC's server, a second clock that agrees. Without confirmation the change is refused
(`clock_ahead`) if a wrong time would do harm, or if more than four days have passed; `clocks.confirm_time` repeats it
with the time that a person saw. Within 15 minutes of the log's end nothing is checked. `clocks.correct_log_time`
corrects a hall whose log was ahead (decisions/clocks.md).

`maintenance.py` makes a backup, proves it by restoring it into a temporary hall, and stores the result;
`app/services/kept_reports.py` chooses the place and holds the lock. Stations only check whether one is due
(`app/services/repeated_work.py`) and start the command. It also restores, merges and repairs, and previews a restore or
merge (decisions/backups.md).

`examining.py` has the checks of `doctor`, and compares a log with a printed sheet."""
