"""A month in words: its tiles, its bars, and the rows behind each figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.layout import BarRow
from queuedesk.core.features import features, load
from queuedesk.core.figures.satisfaction import FEWEST_RANKED
from queuedesk.core.quality.case import SOURCES, Outcome, Verdict
from queuedesk.core.quality.figures import Cell
from queuedesk.core.quality.why import TAG
from queuedesk.core.quality.why import path as why_path
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, date_short, figure_range, listing, n_, named
from queuedesk.i18n.figures.figure_titles import rating_reason
from queuedesk.i18n.names import UNKNOWN, service_name, staff_name, whole
from queuedesk.i18n.quality.case_words import (
    class_word,
    due_words,
    next_words,
    outcome_word,
    source_words,
    state_word,
    title_words,
)
from queuedesk.i18n.quality.inspection_words import channel_word, fix_state, inspection_state
from queuedesk.stations.manager.figures.cards import Bars
from queuedesk.stations.manager.figures.tables import Table
from queuedesk.stations.manager.quality.month_rows import FORUMS, THANKS, WARNINGS, MonthRow, Noted, day_of
from queuedesk.stations.widgets.charts.figures import FigureCell, FigureRow

Document = Mapping[str, Any]
OVERDUE, INSPECTIONS, RECTIFICATIONS = "cases.overdue", "inspections", "rectifications"
"""A figure of a month by its path, and the parts of which two others are."""
WHY, COMMENTS = "why", "comments"
OF_CASES = "forums.cases"
"""A figure of forums that counts cases."""
TAGS, MOST_REASONS = "reasons.tags.", 5
OPENED, CLOSED, OPEN = "cases.opened", "cases.closed", "cases.open"
MEDIAN, DAYS = "cases.days_to_close.median", "cases.days_to_close.n"
CALL_BACKS, REACHED, NO_ANSWER = "cases.call_backs.n", "cases.call_backs.reached", "cases.call_backs.no_answer"
RATE, SATISFIED = "cases.verdicts.rate", f"cases.verdicts.{Verdict.SATISFIED}"
DISSATISFIED, NOT_REACHED = f"cases.verdicts.{Verdict.DISSATISFIED}", f"cases.verdicts.{Outcome.NOT_REACHED}"
VERDICTS = {
    **dict.fromkeys((str(Verdict.SATISFIED), str(Verdict.NOT_GIVEN)), "chart"),
    str(Verdict.DISSATISFIED): "red",
    str(Outcome.NOT_REACHED): "edge",
    str(Outcome.NO_CONTACT): "edge",
}
"""What came of asking, in the colours of the bars: nobody's word is not the customer's."""


class MonthRead(Struct, frozen=True, kw_only=True):
    """The figures of a month from `first` to `last`, by their paths, and the overdue cases as they stand now."""

    first: date
    last: date
    today: date
    cells: Mapping[str, Cell]
    overdue: Sequence[Document] = ()

    @property
    def is_over(self) -> bool:
        return self.last < self.today


class TileFigure(Struct, frozen=True):
    """A tile: what it counts, its number with the unit, one line more; `late` in red. `path` names the rows behind it,
    "" where there are none."""

    path: str
    title: str
    number: str
    unit: str
    line: str
    late: bool = False


def tile_figures(setup: Setup, found: MonthRead) -> list[TileFigure]:
    """Return the six figures of a month."""
    open_n, closed_n, over_n = (_number(found, path) for path in (OPEN, CLOSED, OVERDUE))
    asked, satisfied, days = (_number(found, path) for path in (CALL_BACKS, SATISFIED, DAYS))
    said = satisfied + _number(found, DISSATISFIED)
    median, rate = _value(found, MEDIAN), _value(found, RATE)
    ends = [_value(found, f"cases.verdicts.{end}") for end in ("low", "high")]
    closing = _("{n} open at its end", n=open_n) if found.is_over else _("{n} open now", n=open_n)
    limit = setup.number("case_answer_days")
    reached = _("{n} of {of}", n=satisfied, of=said, context="month")
    is_share = said >= FEWEST_RANKED
    if rate is not None and None not in ends:
        reached = f"{reached} · {figure_range(*(round(100 * (end or 0)) for end in ends))} %"
    return [
        TileFigure(OPENED, _("Opened", context="month"), whole(_number(found, OPENED)), _cases(found, OPENED), closing),
        TileFigure(
            CLOSED,
            _("Closed", context="month"),
            whole(closed_n),
            _cases(found, CLOSED),
            _("{n} never reached", n=_number(found, NOT_REACHED)),
        ),
        TileFigure(
            OVERDUE,
            _("Overdue", context="month"),
            whole(over_n),
            _("of {n} open", n=open_n),
            _oldest(found),
            late=over_n > 0,
        ),
        TileFigure(
            MEDIAN if median is not None else "",
            _("Median to close"),
            UNKNOWN if median is None else f"{median:g}",
            "" if median is None else n_("working day", "working days", round(median)),
            _("nothing closed yet") if median is None else _("of {n}, answer in {limit}", n=days, limit=limit),
        ),
        TileFigure(
            CALL_BACKS,
            _("Reached by phone", context="month"),
            whole(_number(found, REACHED)),
            n_("of {n} call", "of {n} calls", asked, context="month"),
            _("{n} not answered", n=_number(found, NO_ANSWER)),
        ),
        TileFigure(
            RATE if rate is not None else "",
            _("Satisfied after it"),
            UNKNOWN if rate is None else whole(100 * rate) if is_share else whole(satisfied),
            "" if rate is None else "%" if is_share else _("of {n}", n=said, context="month"),
            _("no answer yet") if rate is None else reached if is_share else _("too few for a share"),
        ),
    ]


def _number(found: MonthRead, path: str) -> int:
    value = _value(found, path)
    return int(value) if value is not None else 0


def _value(found: MonthRead, path: str) -> float | None:
    cell = found.cells.get(path)
    return float(cell.value) if cell is not None and isinstance(cell.value, int | float) else None


def _cases(found: MonthRead, path: str) -> str:
    return n_("case", "cases", _number(found, path))


def _oldest(found: MonthRead) -> str:
    if found.is_over:
        return _("at the month's end")
    over = max((one["over"] or 0 for one in found.overdue), default=0)
    return n_("oldest by {n} day", "oldest by {n} days", over) if over else _("nothing is late")


def title_of(found: MonthRead, path: str, word: str) -> str:
    """Return the head of the rows behind a figure: "Overdue · 2 cases"."""
    n = len(found.cells[path].rows)
    if path.startswith(INSPECTIONS):
        counted = n_("{n} inspection", "{n} inspections", n)
    elif path.startswith(RECTIFICATIONS):
        counted = n_("{n} finding", "{n} findings", n)
    elif path.partition(".")[0] in (COMMENTS, WARNINGS, THANKS, FORUMS) and path != OF_CASES:
        counted = whole(n)
    else:
        counted = n_("{n} case", "{n} cases", n)
    return f"{word} · {counted}"


def _bar(found: MonthRead, path: str, word: str, colour: str = "chart") -> BarRow:
    n = _number(found, path)
    return BarRow(
        word=word,
        value=n,
        number=whole(n),
        point=Point((word, whole(n), _("Press for the rows.")), (path, word)) if n else None,
        colour=colour,
    )


def sources(found: MonthRead) -> Bars:
    """Return from where the month's cases came."""
    rows = [_bar(found, f"cases.by_source.{code}.opened", _capital(source_words(code))) for code in SOURCES]
    return Bars(_("Where cases came from"), [row for row in rows if row.value], empty=_("No case was opened."))


def classes(setup: Setup, found: MonthRead) -> Bars:
    """Return what the month's cases are."""
    rows = [_bar(found, f"cases.by_class.{code}.opened", class_word(code)) for code in setup.hall.case_classes]
    return Bars(_("What they are"), [row for row in rows if row.value], empty=_("No case was opened."))


def verdicts(found: MonthRead) -> Bars:
    """Return what came of asking the customers."""
    rows = [
        _bar(found, f"cases.verdicts.{code}", _capital(outcome_word(code)), colour) for code, colour in VERDICTS.items()
    ]
    line = _("A customer not reached is never counted as satisfied.")
    return Bars(_("Verdicts"), [row for row in rows if row.value], line, _("Nobody was asked yet."))


def reasons(found: MonthRead) -> Bars:
    """Return what customers gave as reasons for their ratings, the commonest first."""
    rows = []
    for path, cell in found.cells.items():
        begins, _tags, end = path.rpartition(".")
        if end == "n" and begins.startswith(TAGS) and isinstance(cell.value, int):
            tag = str(found.cells[f"{begins}.code"].value)
            row = _bar(found, path, rating_reason(tag))
            point = Point((row.word, row.number, _("Press for the tickets.")), (why_path(((TAG, tag),)), row.word))
            rows.append(replace(row, point=point))
    most = sorted(rows, key=lambda row: -row.value)[:MOST_REASONS]
    return Bars(_("Reasons given with ratings"), most, empty=_("Nobody gave a reason"))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def looked_at(found: MonthRead) -> Table:
    """Return the month's inspections and what they found."""

    def row(word: str, path: str, number: str, more: str = "", *, late: bool = False) -> FigureRow:
        has_rows = path in found.cells and bool(found.cells[path].rows)
        point = Point((word, number, _("Press for the rows.")), (path, word)) if has_rows else None
        cells = FigureCell(number, point, bold=True), FigureCell(more, token="red" if late else "ink2")
        return FigureRow(word, cells)

    planned, done = _number(found, "inspections.planned"), _number(found, "inspections.done")
    mean, scored = _value(found, "inspections.score.mean"), _number(found, "inspections.score.n")
    late = _number(found, "rectifications.overdue")
    rows = [
        row(_("Planned", context="month"), "inspections.planned", whole(planned)),
        row(_("Done", context="month"), "inspections.done", whole(done), _("of {n}", n=planned, context="month")),
        row(
            _("Mean score"),
            "inspections.score.mean",
            UNKNOWN if mean is None else f"{mean:.1f}",
            _("none signed") if mean is None else _("n {n}", n=whole(scored)),
        ),
        row(_("Noted to put right"), "rectifications.opened", whole(_number(found, "rectifications.opened"))),
        row(
            _("Still to put right"),
            "rectifications.open",
            whole(_number(found, "rectifications.open")),
            _("{n} late", n=late) if late else "",
            late=late > 0,
        ),
        row(_("To be checked"), "rectifications.proven", whole(_number(found, "rectifications.proven"))),
        row(_("Put right", context="month"), "rectifications.closed", whole(_number(found, "rectifications.closed"))),
    ]
    return Table(title=_("Inspections", context="tab"), name="", columns=["", ""], rows=rows)


def noted(figure: str) -> Noted | None:
    """Return how the feature whose figure it is lists what it counts; None for the core's."""
    for one in features():
        if one.month and figure in one.figures:
            found: Noted | None = load(one.month).get(figure)
            return found
    return None


def rows_of(setup: Setup, path: str, documents: Sequence[Document]) -> list[MonthRow]:
    """Return the rows behind a figure in words."""
    part = "" if path == OF_CASES else path.partition(".")[0]
    added = noted(part)
    row = added.row if added is not None else _ROWS.get(part, _case_row)
    if path == OVERDUE:
        documents = sorted(documents, key=lambda one: -(one["over"] or 0))
    return [row(setup, one) for one in documents]


def _case_row(setup: Setup, one: Document) -> MonthRow:
    when, late = state_word(one["state"], reopened=bool(one["reopened"])), bool(one["overdue"])
    if one["closed"]:
        closed = date_short(datetime.fromisoformat(one["closed"]).date())
        when = listing([closed, outcome_word(one["outcome"])]) if one["outcome"] else closed
    elif one["due"]:
        by = _("{next} by {date}", next=next_words(one["next"]), date=date_short(date.fromisoformat(one["due"])))
        when = f"{by} · {due_words(one['over'])}"
    return MonthRow(
        key=one["number"],
        kind=class_word(one["class"]),
        what=title_words(one["title"], one.get("source"), one["ticket"]),
        who=staff_name(setup, one["owner"]) if one["owner"] else UNKNOWN,
        when=when,
        late=late,
        case=one["number"],
    )


def _inspection_row(setup: Setup, one: Document) -> MonthRow:
    score = "" if one["score"] is None or not one["signed"] else _("{n} points", n=one["score"])
    return MonthRow(
        key=date_short(date.fromisoformat(one["date"])),
        kind=channel_word(one["channel"]),
        what=named(one["name"], one["name_en"] or ""),
        who=staff_name(setup, one["staff"]) if one["staff"] else one["outsider"] or UNKNOWN,
        when=listing([part for part in (inspection_state(one["state"]), score) if part]),
        sheet=one["inspection"],
    )


def _fix_row(setup: Setup, one: Document) -> MonthRow:
    due = _("by {date}", date=date_short(date.fromisoformat(one["due"])))
    return MonthRow(
        key=date_short(date.fromisoformat(one["found"])),
        kind=channel_word(one["channel"]) if one["channel"] else _("To put right"),
        what=one["issue"],
        who=staff_name(setup, one["owner"]),
        when=listing([fix_state(one["state"]), *([due] if not one["closed"] else [])]),
        late=one["late"],
        tab=INSPECTIONS,
    )


def _comment_row(setup: Setup, one: Document) -> MonthRow:
    service = service_name(setup, one["service"]) if one["service"] else ""
    return MonthRow(
        key=day_of(one),
        kind=one["ticket"] or UNKNOWN,
        what=one["text"],
        who=service or UNKNOWN,
        when=_("read", context="comment") if one["read"] else _("not read yet"),
        tab=WHY,
    )


_ROWS: Mapping[str, Callable[[Setup, Document], MonthRow]] = {
    INSPECTIONS: _inspection_row,
    RECTIFICATIONS: _fix_row,
    COMMENTS: _comment_row,
}
