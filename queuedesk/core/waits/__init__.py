"""How long somebody will wait: what past days teach, the range that may be promised, how good it was.

All waits come from one pass over the hall. `quote.py` turns a `HallState` into the `Live` of `live.py`, numbers in
minutes from now. `schedule.py` lets the windows take the tickets of `Live` by the rule and returns a `Forecast`: the
turn of each ticket with its spread, what a newcomer would get, when each line is done. It reads nothing else, so "what
if window 5 opened" is the same pass over a changed copy, and two forecasts differ by the change alone.
`quote.seen_now()` keeps the last pass of a state for a second, because a station asks for hundreds of waits at once. A
pass takes 1.5 ms with 300 people waiting at 22 windows (scripts/bench/promise_pass.py); to make it quicker without
another word of what it says, tests/golden/passes.json holds many to the last bit. `live.py` tells today's pace by the
last visits, and looks at each but once.

That is what one expert says. `experts.py` has the others, simple rules by what the line's past waits (`estimates.py`)
and today's calls show, mixes them by what came true, and keeps what today's last calls taught. A ticket's event holds
what each said, so that every lesson follows from the log.

`quote.py` turns what past dates showed (`observations.py`) into `Estimates`; `estimates.py` moves the bounds with every
promise that was kept or missed. Numbers called out of turn move no bounds (`observations.py`). A window that calls
nobody while people wait counts as away whatever the log says, because many logs know no pauses. Only dates before a
promise's own teach it, 60 back, at most ten new ones at a time.

`quote.py` makes the promise that is printed on a ticket, inside the ticket's own transaction. The event keeps the
range, the point with its spread, the figure of the simple formula and the bounds as texts; applying it puts the bounds
into the table `tracker`, so that a rebuild, a merge and a restored file have them.

`arrival_forecast.py` predicts who will come from the dates before alone, so that it can be judged by who came.
`quote.py` also runs the same pass with the people who will probably come in the next 20 minutes.
"""
