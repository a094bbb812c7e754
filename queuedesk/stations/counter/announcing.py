"""How far the announcement of a call has come: what display and voice have reported."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from queuedesk.desk.announcing import SILENT, Announced

ANSWER_S = 20  # a display and a voice that work have reported long before


class Heard(StrEnum):
    """What became of a call."""

    RUNNING = "running"
    DONE = "done"
    SHOWN = "shown"
    NOWHERE = "nowhere"


def heard_of(reports: Iterable[Announced], age_s: float) -> Heard:
    """Return how far the call has come `age_s` seconds after it was made; a voice that stays silent is not waited for."""
    reports = list(reports)
    shown = any(report.shown is not None for report in reports)
    spoken = any(report.spoken is not None for report in reports)
    silent = any(report.link == SILENT for report in reports) and not spoken
    if shown and spoken:
        return Heard.DONE
    if shown and (silent or age_s >= ANSWER_S):
        return Heard.SHOWN
    return Heard.NOWHERE if age_s >= ANSWER_S else Heard.RUNNING
