"""Notes many presses in a short time on a screen for customers, which gave no ticket and no rating."""

from __future__ import annotations

from queuedesk.desk.change import Change, Document, changes

MOST = 100_000


@changes("drumming")
def note_drumming(change: Change, station: str, presses: int, seconds: int) -> Document:
    """Note that `presses` came in `seconds` at a station and did nothing."""
    event = change.record("drumming", station=station, presses=min(presses, MOST), seconds=min(seconds, MOST))
    return {"seq": event.seq, "station": station}
