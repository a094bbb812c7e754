"""The next open date behind a day's report: who is expected and how many windows that needs, or that nobody can say
yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from xml.sax.saxutils import escape

from queuedesk.core.queue.hallday import business_date, hours_on
from queuedesk.core.staffing.day import StaffingDay
from queuedesk.desk.change import Desk
from queuedesk.desk.staffing.forecasting import staffing_after
from queuedesk.i18n import day_report, named, tr
from queuedesk.i18n.staffing import staffing_words as words
from queuedesk.reports.draw.grids import fitted, heading, line
from queuedesk.reports.draw.headline import head
from queuedesk.reports.draw.pdf import Block, Chapter
from queuedesk.reports.figures.figures import DayRead
from queuedesk.reports.papers.staffing_page import small_print, staffing_blocks


def next_day(desk: Desk, read: DayRead) -> StaffingDay | None:
    """Return what the next open date needs; None where none is near, it is over itself, or nobody came on the day.

    It learns from the dates up to the day of the report, that one included once it is over.
    """
    if not read.figures["issued"]:
        return None
    last = read.day if _is_over(read) else read.day - timedelta(days=1)
    found = staffing_after(desk, read.day, last)
    return None if found is None or found.date < business_date(read.setup, read.now) else found


def next_day_blocks(read: DayRead, found: StaffingDay, lang: str) -> list[Block]:
    """Return a page of its own; with too few days behind it one sentence, which stands where the page before it
    ends."""
    title, day = tr(lang, "The next day"), day_report(found.date, lang)
    if not found.forecast.is_known:
        return [heading(title, day), line(escape(words.rests_on(found, lang)), size=8.8, gap=2)]
    hall = named(read.setup.hall.name, read.setup.hall.name_en, lang)
    kind = words.pay_day_text(found.forecast.pay_day, lang)
    facts = [text for text in (kind, words.goal_text(found.goal, lang)) if text]
    rests = [tr(lang, "By the roster as it stood when this was printed.")] if found.has_roster else []
    page = [*staffing_blocks(read.setup, _trimmed(found), lang), small_print(rests, lang)]
    return fitted([Chapter(head(hall, title, day, facts)).start(), *page])


def _trimmed(found: StaffingDay) -> StaffingDay:
    """Return it without the half hours at both ends in which nobody is expected, needed or planned: some halls never
    close."""
    there = [
        i
        for i, one in enumerate(found.half_hours)
        if one.needed or one.planned or (one.people is not None and one.people.high)
    ]
    return replace(found, half_hours=found.half_hours[there[0] : there[-1] + 1]) if there else found


def _is_over(read: DayRead) -> bool:
    """Whether nobody will come any more: the date has passed, or everybody is gone and every service has closed."""
    local = read.local_now
    now_min = (local.date() - read.day).days * 1440 + local.hour * 60 + local.minute
    if business_date(read.setup, read.now) > read.day:
        return True
    closes = max(
        (end for one in read.setup.services.values() for _start, end in hours_on(read.setup, one, read.day)), default=0
    )
    return not read.is_running and now_min >= closes
