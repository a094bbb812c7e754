"""Makes a measure standard: an opening check, a step of a contingency card, a rule, a point of the briefing; and tells
what projects made so."""

from __future__ import annotations

from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.improvement.project import Made, Measure, Place, Project
from queuedesk.core.log.state import PROJECTS
from queuedesk.core.quality.morning import OPENING, SHEETS
from queuedesk.core.setup.file import rows_of
from queuedesk.core.setup.rules import HALL_RULES
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.desk.improvement import projecting
from queuedesk.desk.kept_words import keep, words_of
from queuedesk.desk.quality import morning
from queuedesk.desk.setup import setting_up
from queuedesk.store.parts import part_tables

SET_UP = (Place.OPENING, Place.CARD, Place.RULE)
"""What is made by changing the set-up, which takes the right to."""


@changes("project")
def make_standard(change: Change, number: int, n: int, made: Made) -> Document:
    """Make a measure standard in one act: what it becomes, and that it did. The words of an item, step or point stand
    in the set-up and the briefing, where everybody reads them. Who may not change the set-up asks for it: it waits for
    somebody who may.

    Raises RuleError "not_there", "project_ended", "measure_is_standard", "bad_value".
    """
    project = projecting.open_one(change, number)
    was = projecting.measure_of(project, n).standard
    if was is not None and was.place is not Place.NOTHING and not was.is_asked:
        raise RuleError("measure_is_standard", measure=n)
    if made.place not in (Place.RULE, Place.NOTHING) and not made.text.strip():
        raise RuleError("bad_value", field="text", value=None, why="empty")
    words = keep(change, "standard", made.words) if made.place is not Place.NOTHING else None
    if made.place in SET_UP and not change.who.may("set-up"):
        _record(change, project, n, made, ref=_known(change, made), words=words, asked=True)
    else:
        _record(change, project, n, made, ref=_MAKE[made.place](change, made), words=words)
    return {"project": number, "measure": n}


@changes("project")
def take_over(change: Change, number: int, n: int) -> Document:
    """Make standard what somebody without the right to the set-up asked for. Raises RuleError "not_your_role",
    "not_there" where nothing waits, "project_ended", "bad_value"."""
    change.who.must("set-up")
    project = projecting.open_one(change, number)
    was = projecting.measure_of(project, n).standard
    said = words_of(change.tx, change.book.id, [was.words]) if was is not None and was.is_asked else {}
    if was is None or was.words not in said:
        raise RuleError("not_there", kind="standard", code=f"{number}/{n}")
    made = Made.read(was.place, was.ref, said[was.words])
    _record(change, project, n, made, ref=_MAKE[made.place](change, made), words=was.words, asked_by=was.by)
    return {"project": number, "measure": n}


def _record(change: Change, project: Project, n: int, made: Made, **data: Any) -> None:
    change.record("project-standard", of=project.seq, n=n, place=str(made.place), **data, salt=change.salts())


def _known(change: Change, made: Made) -> str:
    """Return what names the place of something that is asked for."""
    if made.place is Place.CARD:
        _row(change, "cards", made.card)
    if made.place is Place.RULE and (made.key not in HALL_RULES or not made.value):
        raise RuleError("bad_value", field=made.key or "key", value=made.value, why="not_a_choice")
    return made.card or made.key


def standards_of(desk: Desk) -> list[Document]:
    """Return what projects made standard, and what waits for somebody who may change the set-up ("asked"), in the order
    of the projects: {"project", "title", "measure", "place", "ref", "texts", "value", "asked", "by"}. `texts` are what
    it says where it stands, in the hall's languages."""
    with desk.db.read() as tx:
        found = sorted(part_tables.of_days(tx, desk.hall, PROJECTS).values(), key=lambda one: one.number)
        kept = [one.title for one in found]
        kept += [id for one in found for each in one.measures if each.standard for id in _kept(each) if id]
        said = words_of(tx, desk.hall, kept)
    rows = []
    for project in found:
        for n, measure in project.standing_measures:
            made = measure.standard
            if made is None or made.place is Place.NOTHING or (made.is_asked and not project.is_open):
                continue
            words = Made.read(made.place, made.ref, said[made.words]) if made.words in said else None
            texts = (words.text, words.text_en) if words else (said.get(measure.words, ""),)
            rows.append(
                {
                    "project": project.number,
                    "title": said.get(project.title, ""),
                    "measure": n,
                    "place": str(made.place),
                    "ref": made.ref,
                    "texts": [text for text in texts if text],
                    "value": words.value if words else "",
                    "asked": made.is_asked,
                    "by": made.by,
                }
            )
    return rows


def _kept(measure: Measure) -> tuple[str | None, ...]:
    return measure.words, measure.standard.words if measure.standard else None


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
