"""What lost property leaves in the log."""

from __future__ import annotations

import datetime as clock
import re
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from queuedesk.core.log import apply
from queuedesk.core.log.state import RecordKind
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


class LostEnquiry(Struct, frozen=True, kw_only=True):
    """That a person asked for a thing, until it was given back."""

    seq: int
    date: clock.date
    text: str
    person: str | None
    ended: clock.date | None = None


FOUND: RecordKind[int, FoundItem] = RecordKind(
    "lost_property.found", FoundItem, key=("n",), open_while="ended", goes=False
)
ASKED: RecordKind[int, LostEnquiry] = RecordKind("lost_property.asked", LostEnquiry, open_while="ended")
_GIVEN = apply.record_changing_event(FOUND, "n", "how", may=("person",), ended="date", ended_by="actor")
RULES = apply.FeatureRules(
    parts=(FOUND, ASKED),
    events={
        "lost_property.found": apply.record_storing_event(FOUND),
        "lost_property.asked": apply.record_storing_event(ASKED),
        "lost_property.given": apply.combined_feature_event(
            _GIVEN, apply.record_changing_event(ASKED, "asked", if_named=True, ended="date")
        ),
        "lost_property.disposed": apply.record_changing_event(
            FOUND, "n", "how", managers=True, ended="date", ended_by="actor"
        ),
    },
    verbs={
        "lost": apply.FeatureVerb(apply.DOOR_AND_COUNTER, keeps=("n",)),
        "lost-dispose": apply.FeatureVerb((Role.MANAGER,), keeps=("n",)),
    },
)

_WORD = re.compile(r"[a-z0-9]{3,}|[\u4e00-\u9fff]+")
_STOP_WORDS = frozenset({"and", "the", "with", "for"})


def have_common_word(text: str, other_text: str) -> bool:
    """Whether both texts have a common word, in Chinese two consecutive characters."""
    return bool(_words_and_character_pairs(text) & _words_and_character_pairs(other_text) - _STOP_WORDS)


def _words_and_character_pairs(text: str) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {part for word in words for part in ([word] if word.isascii() else map("".join, pairwise(word)))}
