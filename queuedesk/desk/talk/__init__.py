"""Announcements, messages, calls for help, notices, devices.

What screens and voice made of each call is kept beside the log (`announcements`), by station. A display that its
watchdog started again shows and says what `announcing.left_over` finds: calls whose customer is still on the way and
that no screen showed or no voice said.

`devices.find_lost` looks for stations without a sign of life; it reads without the lock and writes `time` = the last
sign of life. A station that starts again first writes that itself. What is up by the log but never gave a sign here
came with a copy: it gets a first sign and is lost like any other if none follows. `alarms.py` writes one event for each
limit that was crossed and one for its end, from whichever station looks first; in a simulated hall no station does, so
that a seed gives one log.
"""
