"""Events, what each one changes, and the state of the hall that they add up to.

`apply.py` has one function for each kind of event. Three boards take it: `store/log/book.py` (the tables, inside a
write transaction), `state.HallState` in a station (a snapshot, then each event as it comes), and the same `HallState`
fed with the whole log, which is a rebuild. So a screen, a report and a repair cannot disagree about what an event
means. Events carry what was decided (who was passed and why, the place of a late-comer, the wait that was told):
applying one needs no rule, no clock and no settings.

An event is applied completely or not at all (`apply.fold`). One that cannot be read, or refers to something that does
not exist, changes nothing on any board (decisions/set-aside.md). `event.py` is the table of what each kind must hold.

What events leave behind are the parts of a hall. For each kind of part `state.py` says what its key is, which date it
belongs to and when it is open; a board finds, puts and drops by part (decisions/one-fold.md).

`state.PaperBoard` is the board for a day that was kept on paper. Tickets, shifts, ratings and overtakes of that day are
written through; live things (windows, series, calls, sign-ins, the hall's date) are left alone. A paper window exists
only as the shift that each event names.

`at` is when the log took an event and never goes back; `time` is when it happened, and figures use it.
`state.WrongTime` says what is removed and what is kept once a log that ran ahead has been set right. A correction is an
event with old and new values: it changes the leg, the ticket or the rating, and the timeline takes its times. Calls,
overtakes and the wait that was told stay as they were. `event.must_be_storable` is asked about every new event: what no
server can keep never gets in, not even on SQLite.
"""
