"""What lost property leaves in the log."""

import datetime as clock

from msgspec import Struct

from queuedesk.core.log import apply
from queuedesk.core.log.state import RecordKind
from queuedesk.core.network.roles import Role

KEPT = clock.timedelta(days=90)
"""So long a thing is kept, and who asked for it or got it."""
SIGNED, CODE, DISPOSED = "signed", "code", "disposed"


class Thing(Struct, frozen=True, kw_only=True):
    """A thing with the number and code of its tag, and how it left; to which person stands beside the log."""

    n: int
    date: clock.date
    time: clock.datetime
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


FOUND: RecordKind[int, Thing] = RecordKind("lost_property.found", Thing, key=("n",), open_while="ended", goes=False)
ASKED: RecordKind[int, Enquiry] = RecordKind("lost_property.asked", Enquiry, open_while="ended")
_GIVEN = apply.record_changing_event(FOUND, "n", "how", may=("person",), ended="date", ended_by="actor")
_SETTLED = apply.record_changing_event(ASKED, "asked", if_named=True, ended="date")
_DISPOSED = apply.record_changing_event(FOUND, "n", "how", managers=True, ended="date", ended_by="actor")
RULES = apply.FeatureRules(
    parts=(FOUND, ASKED),
    events={
        "lost_property.found": apply.record_storing_event(FOUND),
        "lost_property.asked": apply.record_storing_event(ASKED),
        "lost_property.given": apply.combined_feature_event(_GIVEN, _SETTLED),
        "lost_property.disposed": _DISPOSED,
    },
    verbs={
        "lost": apply.FeatureVerb(apply.DOOR_AND_COUNTER, keeps=("n",)),
        "lost-dispose": apply.FeatureVerb((Role.MANAGER,), keeps=("n",)),
    },
)
