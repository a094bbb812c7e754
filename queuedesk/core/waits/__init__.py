"""Waits: estimates from past dates, the range that may be promised, and how accurate promises were.

All waits come from one pass over the hall. `quote.py` turns a `HallState` into the `LiveHall` of `live.py`, numbers in
minutes from now. `schedule.py` lets the windows take the tickets of `LiveHall` by the rule and returns a
`PassForecast`: the turn of each ticket with its spread, that of a newcomer, the end of each line. It reads nothing
else, so "what if window 5 opened" is the same pass over a changed copy, and two forecasts differ by the change alone.
`quote.cached_wait_snapshot()` keeps a state's last pass for a second, as a station asks for hundreds of waits at once.
A pass takes 1.5 ms with 300 people waiting at 22 windows (scripts/bench/promise_pass.py); tests/golden/passes.json
holds the results of many to the last bit, for whoever makes it faster. `live.py` gets today's pace from the last
visits, and reads each but once.

The pass is one expert. `experts.py` has the others, simple rules from the line's past waits (`estimates.py`) and
today's calls; it mixes them by their past errors and updates them with each call. A ticket's event holds what each
expert gave, so that all weights follow from the log.

`quote.py` turns past dates (`observations.py`) into `Estimates`; `estimates.py` moves the bounds with the outcome of
each promise. Numbers called out of turn move no bounds (`observations.py`). A window that calls nobody while people
wait counts as away whatever the log says, because many logs know no pauses. A promise uses only dates before its own,
60 back, at most ten new ones at a time.

`quote.py` makes the promise that is printed on a ticket, inside the ticket's own transaction. The event keeps the
range, the point with its spread, the figure of the simple formula and the bounds as texts; applying it puts the bounds
into the table `tracker`, so that a rebuild, a merge and a restored file have them.

`arrival_forecast.py` predicts arrivals from earlier dates alone, so that it can be compared with who came. `quote.py`
also runs the same pass with the people who will probably come in the next 20 minutes."""
