"""What lost property leaves in the log, and which thing somebody may mean."""

from __future__ import annotations

import datetime as clock
import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.log.added_rules import DOOR_AND_COUNTER, AddedEvent, AddedRules, Verb, holds, kept
from queuedesk.core.log.event import Event
from queuedesk.core.log.event_kinds import NUMBER, TEXT
from queuedesk.core.log.parts import Part
from queuedesk.core.network.roles import Role

KEPT = timedelta(days=90)
"""So long a thing is kept, and who asked for it or got it."""
SIGNED, CODE, DISPOSED = "signed", "code", "disposed"
_WORD = re.compile(r"[a-z0-9]{3,}|[\u4e00-\u9fff]+")


class Found(Struct, frozen=True, kw_only=True):
    """A thing with the number and code of its tag, and `how` it left; to which person stands beside the log."""

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
    how: str | None = None
    person: str | None = None


class Asked(Struct, frozen=True, kw_only=True):
    """That a person asked for a thing, and the number `found` of what that person got."""

    seq: int
    date: clock.date
    text: str
    person: str | None
    found: int | None = None


FOUND: Part[int, Found] = Part("lost_property.found", Found, key=("n",), is_open=lambda one: not one.how, goes=False)
ASKED: Part[int, Asked] = Part("lost_property.asked", Asked, is_open=lambda one: one.found is None)


def may_be(asked: str, found: str) -> bool:
    """Whether somebody may mean what was found: both have a word, of Chinese two signs that follow one another."""
    texts = [_WORD.findall(text.casefold()) for text in (asked, found)]
    words = [
        {part for one in text for part in ([one] if one.isascii() else map("".join, pairwise(one)))} for text in texts
    ]
    return bool((words[0] & words[1]) - {"and", "the", "with"})


def _end(event: Event, board: Any) -> None:
    data = event.data
    if data.get("asked"):
        board.put(ASKED, replace(board.get(ASKED, data["asked"]), found=data["n"]))
    thing = board.get(FOUND, data["n"])
    board.put(FOUND, replace(thing, ended=event.date, how=data["how"], person=data.get("person")))


RULES = AddedRules(
    parts=(FOUND, ASKED),
    events={
        "lost_property.found": kept(FOUND),
        "lost_property.asked": kept(ASKED),
        "lost_property.given": AddedEvent(holds({"n": NUMBER, "how": TEXT}, {"person": TEXT, "asked": NUMBER}), _end),
        "lost_property.disposed": AddedEvent(holds({"n": NUMBER, "how": TEXT}), _end, managers=True),
    },
    verbs={"lost": Verb(DOOR_AND_COUNTER, keeps=("n",)), "lost-dispose": Verb((Role.MANAGER,), keeps=("n",))},
)
