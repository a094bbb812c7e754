"""What the hall says: calls, notices, messages, calls for help, and the devices that say it.

Notices, messages and calls for help are events. What is open stands in tables that follow from them and in every
station's `HallState`, so a strip on a screen is drawn from the feed alone. An emergency is a notice that covers
screens; calls go on below it.

`device.py` is the hall's equipment: only changes are events; a sign of life every 30 seconds is one row outside the
log. In a shared hall each PC's station is a row of its own (`display@Door`), because two that shared one would hide
each other's silence: `screen.at_pc` joins the name, `screen.apart` splits it.

`playback.Said` is a call with everything screens and voice made of it. `screen.py` is what a PC remembers of its
screens. With the rule `opening_checks` on, `opening_checks.py` says what a window still lacks before it opens.

A contingency card that is opened copies its name and steps into the event: it goes on with the words it had, whatever
the set-up says later.
"""
