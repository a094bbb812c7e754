"""Announcements, messages, calls for help, notices, devices.

How each call was shown and spoken is stored outside the log (`announcements`), by station. A display that its watchdog
restarted shows and speaks the calls of `announcing.unannounced_recent_calls`: not shown or not spoken, with the
customer still on the way.

`devices.record_lost_stations` finds stations without a sign of life; it reads without the lock and records `time` = the
last sign of life. A station that restarts records that itself first. A station that is up by the log but never gave a
sign here came with a copied log: it gets a first sign, and is lost like any other if none follows. `messaging.py`
records one event for each crossed limit and one for its end, from the first station that notices; in a simulated hall
no station does, so that a seed gives one log."""
