"""Lost property on paper: the tag of a thing, and the line in the day's report."""

from collections.abc import Callable
from datetime import date, datetime

from queuedesk.desk.change import Desk
from queuedesk.desk.looking import require_record, setup_of_hall
from queuedesk.features.lost_property.rules import DISPOSED, FOUND
from queuedesk.i18n import date_long, mark, tr
from queuedesk.printing.slip_contents import LabelSlip, label_slip
from queuedesk.store.parts.part_tables import objects_of_days


def lost_property_tag(desk: Desk, now: datetime, n: int) -> LabelSlip:
    """Return the tag of a thing. Raises RuleError "lost_unknown"."""
    thing = require_record(desk, FOUND, n, "lost_unknown")
    setup, code = setup_of_hall(desk), f"QL1 {n} {thing.code}"
    return label_slip(setup, now, str(n), lambda lang: (thing.text, date_long(thing.date, lang), thing.code), code)


def day_lines(desk: Desk, day: date) -> list[Callable[[str], str]]:
    """Return what was found and given back on a date, and what was here at its end; nothing where nothing was."""
    with desk.db.read() as tx:
        rows = objects_of_days(tx, desk.hall, FOUND, last=day).values()
    found = sum(one.date == day for one in rows)
    given = sum(one.ended == day and one.how != DISPOSED for one in rows)
    here = sum(one.ended is None or one.ended > day for one in rows)
    text = mark("Lost property: {found} found, {given} given back, {here} still here.")
    return [lambda lang: tr(lang, text, found=found, given=given, here=here)] if found or given or here else []
