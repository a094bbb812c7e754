"""Events, the changes that each makes, and the hall's state that results.

`apply.py` has one function for each kind of event. It is applied to three boards: `store/log/book.py` (the tables,
inside a write transaction), `state.HallState` in a station (a snapshot, then each new event), and the same `HallState`
with the whole log, a rebuild. So a screen, a report and a repair cannot disagree about an event. Events contain the
decisions (tickets overtaken and why, the place of a late-comer, the quoted wait): applying them needs no rule, no clock
and no settings.

An event is applied completely or not at all (`apply.apply_or_set_aside`). One that cannot be read, or refers to
something that does not exist, changes nothing on any board (decisions/set-aside.md). `event.py` has the required fields
of each kind.

The records that events create are grouped in parts. For each part `state.py` defines its key, its date and when a
record is open; a board finds, puts and drops records by part (decisions/one-fold.md).

`state.BoardForPaperDayEvents` is the board for a day recorded on paper. Its tickets, shifts, ratings and overtakes are
written through; live data (windows, series, calls, sign-ins, the hall's date) are left unchanged. A paper window exists
only as the shift that each event names.

`at` is when an event was logged and never goes back; `time` is when it happened, and figures use it.
`state.LogSectionWithWrongTime` removes or repairs records after a log that ran ahead was set right. A correction is an
event with old and new values: it changes the leg, the ticket or the rating, and timelines use its times; calls,
overtakes and quoted waits stay. `event.require_storable` checks every new event, so that no text is stored that some
server cannot store."""
