"""What lost property leaves in the log."""

from __future__ import annotations

import datetime as clock
from datetime import datetime, timedelta

from msgspec import Struct

from queuedesk.core.log.apply import DOOR_AND_COUNTER, FeatureRules, FeatureVerb, both, changed, kept
from queuedesk.core.log.state import Part
from queuedesk.core.network.roles import Role

KEPT = timedelta(days=90)
"""So long a thing is kept, and who asked for it or got it."""
SIGNED, CODE, DISPOSED = "signed", "code", "disposed"


class FoundItem(Struct, frozen=True, kw_only=True):
    """A thing with the number and code of its tag, and how it left; to which person stands beside the log."""

    n: int
    date: clock.date
    time: datetime
    text: str
    place: str | None
    kept: str | None
    photo: str | None
    code: str
    by: str
    ended: clock.date | None = None
    ended_by: str | None = None
    how: str | None = None
    person: str | None = None


class Enquiry(Struct, frozen=True, kw_only=True):
    """That a person asked for a thing, until it was given back."""

    seq: int
    date: clock.date
    text: str
    person: str | None
    ended: clock.date | None = None


FOUND: Part[int, FoundItem] = Part("lost_property.found", FoundItem, key=("n",), open_while="ended", goes=False)
ASKED: Part[int, Enquiry] = Part("lost_property.asked", Enquiry, open_while="ended")
_GIVEN = changed(FOUND, "n", "how", may=("person",), ended="date", ended_by="actor")
RULES = FeatureRules(
    parts=(FOUND, ASKED),
    events={
        "lost_property.found": kept(FOUND),
        "lost_property.asked": kept(ASKED),
        "lost_property.given": both(_GIVEN, changed(ASKED, "asked", if_named=True, ended="date")),
        "lost_property.disposed": changed(FOUND, "n", "how", managers=True, ended="date", ended_by="actor"),
    },
    verbs={
        "lost": FeatureVerb(DOOR_AND_COUNTER, keeps=("n",)),
        "lost-dispose": FeatureVerb((Role.MANAGER,), keeps=("n",)),
    },
)
