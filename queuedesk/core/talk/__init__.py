"""Calls, notices, messages, calls for help, and the devices that announce them.

Notices, messages and calls for help are events. Open ones are in tables that follow from the events, and in every
station's `HallState`, so a strip on a screen is drawn from the feed alone. An emergency is a notice that covers
screens; calls go on below it.

`device.py` is the hall's equipment: only changes are events; a sign of life every 30 seconds is one row outside the
log. In a shared hall each PC's station has a row of its own (`display@Door`), because two that shared one would hide
each other's silence: `screen.station_name_at_pc` joins the names, `screen.split_station_and_pc` splits them.

`display.py` holds the layouts of a display and its calls, for the station and for browsers.

`screen.py` holds what a PC stores about its screens. With the rule `opening_checks` on, `opening_checks.py` lists the
checks that a window still needs before it opens.

A contingency card that is opened copies its name and steps into the event: it keeps these words when the set-up
changes."""
