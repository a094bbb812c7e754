"""Cites figures: one by its path, or the page of figures of a period, a chart or a table of it, as they are now."""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.figures import periods
from queuedesk.core.figures.periods import span_of
from queuedesk.core.quality.cited import CITED_CHART, CITED_FIGURE, CITED_PAGE, Cited, View, is_of_ratings
from queuedesk.core.quality.why import is_view as is_why_view
from queuedesk.desk.change import Desk
from queuedesk.desk.figures.comparing import against_day, look_at
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.looking import today
from queuedesk.desk.quality.hearing import why_view


def as_cited(desk: Desk, now: datetime, path: str, *, first: date, last: date, against: str = "") -> Cited:
    """Return a figure of the dates from `first` to `last` with its value, or a page or chart of a period with all that
    it says and what it is held `against`; a year of many tickets takes some seconds. Raises as casework.cite_figure
    says of its dates and paths."""
    cited = Cited(what=CITED_FIGURE, name=path, first=first, last=last)
    if is_of_ratings(path):
        return _heard(desk, now, cited, against)
    return _seen(desk, now, cited, against) if periods.is_view(path) else _counted(desk, now, cited)


def _counted(desk: Desk, now: datetime, cited: Cited) -> Cited:
    if not cited.first <= cited.last <= today(desk, now):
        raise RuleError("bad_value", field="date", value=cited.last.isoformat(), why="out_of_range")
    found = tickets_behind(desk, cited.name, cited.first, cited.last, now, most=1)
    if not found.has_tickets:
        raise RuleError("bad_value", field="figure", value=cited.name, why="not_a_choice")
    return replace(cited, value=found.value)


def _heard(desk: Desk, now: datetime, cited: Cited, against: str) -> Cited:
    """Return what ratings say together, which nothing is held against."""
    if against or not cited.first <= cited.last <= today(desk, now):
        raise RuleError("bad_value", field="date", value=against or cited.last.isoformat(), why="out_of_range")
    if not is_why_view(cited.name):
        raise RuleError("bad_value", field="figure", value=cited.name, why="not_a_choice")
    return replace(cited, what=CITED_PAGE, view=why_view(desk, cited.name, (cited.first, cited.last), now))


def _seen(desk: Desk, now: datetime, cited: Cited, against: str) -> Cited:
    path, first, day = cited.name, cited.first, today(desk, now)
    period = periods.period_of(first, cited.last, day) if first <= day else None
    if period is None:
        raise RuleError("bad_value", field="date", value=cited.last.isoformat(), why="out_of_range")
    if not periods.shows(path, period):
        raise RuleError("bad_value", field="figure", value=path, why="not_a_choice")
    other = against_day(period, first, against) if against else None
    seen = look_at(desk, path, period, first, now, against=other)
    what = CITED_PAGE if path == periods.PAGE else CITED_CHART
    return replace(cited, what=what, last=span_of(period, first)[1], view=seen)


def seen_again(desk: Desk, cited: Cited, then: View, now: datetime) -> View:
    """Return what a page or chart that is cited says now, of the dates that it was of then."""
    if is_of_ratings(cited.name):
        return why_view(desk, cited.name, (cited.first, cited.last), now, as_of=then.as_of)
    return look_at(desk, cited.name, then.period, cited.first, now, against=then.against, then=then)
