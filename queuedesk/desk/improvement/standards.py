"""Makes a measure standard: an opening check, a step of a contingency card, a rule, a point of the briefing."""

from __future__ import annotations

from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.improvement.project import Made, Place
from queuedesk.core.quality.morning import OPENING, SHEETS
from queuedesk.core.setup.file import rows_of
from queuedesk.desk.change import Change, Document, changes
from queuedesk.desk.improvement import projecting
from queuedesk.desk.quality import morning
from queuedesk.desk.setup import setting_up

SET_UP = (Place.OPENING, Place.CARD, Place.RULE)
"""What is made by changing the set-up, which takes the right to."""


@changes("project")
def make_standard(change: Change, number: int, n: int, made: Made) -> Document:
    """Make a measure standard in one act: what it becomes, and that it did. The words of an item, step or point stand
    in the set-up and the briefing, where everybody reads them.

    Raises RuleError "not_there", "project_ended", "measure_is_standard", "not_your_role" for the set-up, "bad_value".
    """
    project = projecting.open_one(change, number)
    measure = projecting.measure_of(project, n)
    if measure.standard is not None and measure.standard.place is not Place.NOTHING:
        raise RuleError("measure_is_standard", measure=n)
    if made.place in SET_UP:
        change.who.must("set-up")
    if made.place not in (Place.RULE, Place.NOTHING) and not made.text.strip():
        raise RuleError("bad_value", field="text", value=None, why="empty")
    ref = _MAKE[made.place](change, made)
    change.record("project-standard", of=project.seq, n=n, place=str(made.place), ref=ref, salt=change.salts())
    return {"project": number, "measure": n}


def _opening(change: Change, made: Made) -> str:
    code = SHEETS[OPENING]
    items = [*_row(change, "sheets", code)["items"], {"text": made.text, "text_en": made.text_en, "weight": 5}]
    setting_up.set_in(change, "sheets", code, {"items": items})
    return str(len(items))


def _card(change: Change, made: Made) -> str:
    step = {"text": made.text, "text_en": made.text_en}
    setting_up.set_in(change, "cards", made.card, {"steps": [*_row(change, "cards", made.card)["steps"], step]})
    return made.card


def _rule(change: Change, made: Made) -> str:
    setting_up.set_in(change, "settings", made.key, {made.key: made.value})
    return made.key


def _briefing(change: Change, made: Made) -> str:
    return str(morning.add_point(change, made.text, made.text_en))


def _nothing(_change: Change, _made: Made) -> str | None:
    return None


_MAKE: dict[Place, Any] = {
    Place.OPENING: _opening,
    Place.CARD: _card,
    Place.RULE: _rule,
    Place.BRIEFING: _briefing,
    Place.NOTHING: _nothing,
}


def _row(change: Change, part: str, code: str) -> Document:
    found = next((row for row in rows_of(change.setup.document, part) if row["code"] == code), None)
    if found is None:
        raise RuleError("not_there", kind=part, code=code)
    return dict(found)
