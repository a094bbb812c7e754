"""Lost property on paper: the tag of a thing, and the line in the day's report."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.lost_property.rules import DISPOSED, FOUND
from queuedesk.i18n import date_long, mark, tr
from queuedesk.printing.slip_contents import LabelSlip, label
from queuedesk.store.parts.part_tables import find, of_days


def tag_of(desk: Desk, now: datetime, n: int) -> LabelSlip:
    """Return the tag of a thing. Raises RuleError "lost_unknown"."""
    with desk.db.read() as tx:
        found = find(tx, desk.hall, FOUND, n)
    if found is None:
        raise RuleError("lost_unknown", n=n)
    told, day, code = found.text, found.date, found.code
    return label(
        looking.setup_of(desk), now, str(n), lambda lang: (told, date_long(day, lang), code), f"QL1 {n} {code}"
    )


def day_lines(desk: Desk, day: date) -> list[Callable[[str], str]]:
    """Return what was found and given back on a date, and what was here at its end; nothing where nothing was."""
    with desk.db.read() as tx:
        rows = of_days(tx, desk.hall, FOUND, last=day).values()
    found = sum(one.date == day for one in rows)
    given = sum(one.ended == day and one.how != DISPOSED for one in rows)
    here = sum(one.ended is None or one.ended > day for one in rows)
    return [partial(_line, found=found, given=given, here=here)] if found or given or here else []


def _line(lang: str, found: int, given: int, here: int) -> str:
    text = mark("Lost property: {found} found, {given} given back, {here} still here.")
    return tr(lang, text, found=found, given=given, here=here)
