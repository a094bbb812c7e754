"""What a demo's weeks hold beside their cases: trials of words; and what a case cites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from queuedesk.core.figures.periods import WEEK, span_of
from queuedesk.core.figures.pictured import BEFORE
from queuedesk.core.figures.view import DAYS
from queuedesk.core.quality import why
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.improvement import wording
from queuedesk.desk.quality import case_documents, casework

INSPECTION = -1
"""In place of a case's index."""
INSPECTED = ((9, 1000, "words kept"),)
"""What is done on which day before the demo's, at which minute."""


# -- trials of words: nobody takes a ticket at a demo's kiosk, so notices are tried ------------------------------------

PAY = 1, "缴费请取 A 号，手机和自助机不用排队。", "To pay take an A ticket; by phone or machine there is no queue."
UNSURE = 2, "不知道取哪种号？请先问引导员。", "Not sure which ticket to take? Please ask the guide first."
"""A notice's place in the set-up and the words that are tried, in both languages."""
PAY_WEEKS, UNSURE_FOR = 2, timedelta(days=12)
"""How long the one was tried, and since when the other is."""


def try_words(desk: Desk, setup: Setup, ask: Ask, today: date) -> None:
    """Try the words of two notices: of one from the first date on, of the other for some days before `today`."""
    payers, others = list(setup.services)[:1], list(setup.services)[1:3]
    tomorrow = setup.local(ask.now).date() + timedelta(days=1)
    for (place, *words), first, weeks, judges in (
        (PAY, tomorrow, PAY_WEEKS, payers),
        (UNSURE, max(tomorrow, today - UNSURE_FOR), 2 * PAY_WEEKS, others),
    ):
        wording.start_notice(desk, ask, place, *words, first=first, weeks=weeks, services=judges)


def _keep_words(desk: Desk, _setup: Setup, ask: Ask) -> None:
    tried = next((one.trial for one in wording.trials(desk, ask.now) if one.trial.label == PAY[1]), None)
    if tried is not None:
        wording.end_wording(desk, ask, tried.seq, use=False)


INSPECTIONS: Mapping[str, Callable[[Desk, Setup, Ask], None]] = {
    "words kept": _keep_words,
}


# -- what a case cites -------------------------------------------------------------------------------------------------


def cite_papers(desk: Desk, ask: Ask, number: str) -> None:
    """Let a case cite how many were asked for other papers in the week until it was opened, the first of them, and how
    many came in the calendar week before and how long they waited, against the week before that."""
    day = date.fromisoformat(case_documents.case_of(desk, ask.who, number, ask.now)["opened"][:10])
    path, first = why.path(((why.TAG, "papers_changed"),)), day - timedelta(days=6)
    casework.cite_figure(desk, ask, number, path, first=first, last=day)
    for row in tickets_behind(desk, path, first, day, ask.now, most=1).rows:
        casework.cite_ticket(desk, ask, number, row.ticket, day=row.day)
    monday, sunday = span_of(WEEK, day - timedelta(days=7))
    casework.cite_figure(desk, ask, number, DAYS, first=monday, last=sunday, against=BEFORE)
