"""Forums with customers: each issue with the case that it became."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.forums import verbs
from queuedesk.i18n import _, date_short, list_text, n_
from queuedesk.i18n.names import UNKNOWN, staff_name
from queuedesk.i18n.quality import case_state_word
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.manager.quality.case_texts import WordsDeletion
from queuedesk.stations.manager.quality.month_rows import FORUMS, FigureRowsSource, RowBehindFigure

ICON = "people"


class ForumIssueRowData(Struct, frozen=True):
    """An issue of a forum; `n` is 0 for a forum at which nothing was noted."""

    forum: int
    n: int
    day: date
    attendees: int
    about: str
    words: str
    case: str
    state: str


def _read_issue_rows(desk: Desk, _ask: Ask) -> list[ForumIssueRowData]:
    return [row for one in verbs.forums_between(desk) for row in _issue_rows_of_forum(one)]


def _issue_rows_of_forum(one: Document) -> Iterator[ForumIssueRowData]:
    head = (date.fromisoformat(one["date"]), one["attendees"], one["about"] or "–")
    nothing: Document = {"n": 0, "words": None, "case": None, "state": None}
    for issue in one["issues"] or (nothing,):
        yield ForumIssueRowData(
            one["forum"], issue["n"], *head, issue["words"] or "–", issue["case"] or "", issue["state"] or ""
        )


def _case_and_state_text(row: ForumIssueRowData) -> str:
    return f"{row.case} · {case_state_word(row.state)}" if row.case and row.state else row.case or "–"


def _ask_to_forget_words(page: records.RecordPage[ForumIssueRowData], row: ForumIssueRowData) -> None:
    WordsDeletion(page.context, page, partial(page.controller.refresh, anew=True)).ask_words_deletion(str(row.forum))


HELD = records.RecordFormSpec(
    title=lambda: _("A forum was held"),
    effect=lambda: _("What customers said when they were invited to come and talk. Each line can become a case."),
    rows=(
        (
            records.FormInput(
                key="day",
                label=lambda: _("Date"),
                kind=records.DAY,
                first=lambda context: context.feed.business_date.isoformat(),
                needed=True,
            ),
            records.FormInput(
                key="attendees",
                label=lambda: _("How many came"),
                kind=records.NUMBER,
                wrong=lambda: _("A number of people"),
                needed=True,
            ),
        ),
        (records.FormInput(key="about", label=lambda: _("What it was about"), hint=lambda: _("optional")),),
        (
            records.FormInput(
                key="issues",
                label=lambda: _("What was said"),
                kind=records.LINES,
                hint=lambda: _("a line for each issue"),
            ),
        ),
    ),
    focus="attendees",
)

FORUMS_HELD = records.RecordPageSpec[ForumIssueRowData](
    title=lambda: _("Quality", context="page"),
    line=lambda: _("Forums with customers"),
    name=lambda: _("Forums", context="tab"),
    icon=ICON,
    read=_read_issue_rows,
    key=lambda row: (row.forum, row.n),
    wraps=True,
    empty=lambda: (
        _("No forum has been noted"),
        _("Note when customers were invited to come and talk, and what they said."),
    ),
    columns=lambda _context: [
        TableColumn(title=_("Date"), text=lambda row: date_short(row.day)),
        TableColumn(title=_("Came", context="forum"), text=lambda row: f"{row.attendees}", is_right=True),
        TableColumn(title=_("About", context="forum"), text=lambda row: row.about, gives=True, least=150),
        TableColumn(title=_("What was said"), text=lambda row: row.words, bold=True, gives=True, least=240, grows=True),
        TableColumn(title=_("Case", context="forum"), text=_case_and_state_text),
    ],
    acts=(
        records.RecordAct(
            text=lambda: _("Open a case"),
            verb="forum",
            icon="arrow-right",
            call=verbs.open_case_of_issue,
            args=lambda row: (row.forum, row.n),
            when=lambda row: row.n > 0 and not row.case,
            said=lambda document, row: _(
                "Opened as case {number}",
                number=next(one["case"] for one in document["issues"] if row is not None and one["n"] == row.n),
            ),
        ),
        records.RecordAct(
            text=lambda: _("Delete …", context="words"), verb="comment-read", icon="remove", asks=_ask_to_forget_words
        ),
        records.RecordAct(
            text=lambda: _("Note a forum"),
            verb="forum",
            icon=ICON,
            call=verbs.add_forum,
            form=HELD,
            is_main=True,
            said=lambda _document, _row: _("The forum is noted"),
        ),
    ),
)


def _forums_between_dates(desk: Desk, _ask: Ask, first: date, last: date) -> tuple[str, list[Document]]:
    return "forum", verbs.forums_between(desk, first, last)


def _quality_month_row_of_forum(setup: Setup, one: Mapping[str, Any]) -> RowBehindFigure:
    n, cases = len(one["issues"]), sum(issue["case"] is not None for issue in one["issues"])
    return RowBehindFigure(
        key=date_short(date.fromisoformat(one["date"])),
        kind=n_("{n} came", "{n} came", one["attendees"], context="forum"),
        what=one["about"] or UNKNOWN,
        who=staff_name(setup, one["by"]) or UNKNOWN,
        when=list_text([n_("{n} issue", "{n} issues", n), n_("{n} case", "{n} cases", cases)]),
        tab=FORUMS,
    )


MONTH = {FORUMS: FigureRowsSource(_forums_between_dates, _quality_month_row_of_forum)}
"""What lists the forums that a figure of a month counts."""
