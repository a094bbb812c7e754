"""Whether a log is still the one that a sheet was printed from, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from queuedesk.core.figures.periods import DAY, WEEK, CalendarPeriod
from queuedesk.core.setup.rows import Setup
from queuedesk.core.upkeep import (
    BROKEN,
    HOLDS,
    OTHER,
    PUT_BACK,
    SHORTER,
    UNKNOWN,
    KeptReportCheck,
    ReportChecks,
    SheetCheckResult,
)
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.figures.figure_titles import calendar_period_name
from queuedesk.i18n.moments import date_long, figure_range, time_hm
from queuedesk.i18n.names import whole_number_text


def report_dates_text(span: CalendarPeriod, lang: str) -> str:
    """Return a report's dates with the year: "19 November 2026", "Quarter 4 of 2026"."""
    if span.period == DAY:
        return date_long(span.first, lang)
    if span.period == WEEK:
        return figure_range(date_long(span.first, lang), date_long(span.last, lang))
    return calendar_period_name(span.period, span.first, span.last, lang)


def why_text(
    standing: SheetCheckResult, lang: str | None = None, local: Callable[[datetime], datetime] | None = None
) -> str:
    """Return why a sheet is no longer valid; `local` converts a moment to the hall's clock."""
    lang = lang or current_language()
    if standing.word == SHORTER and standing.seq is not None:
        missing = standing.seq - standing.last
        return ntr(
            lang,
            "The log ends at event {last}: {n} event is missing.",
            "The log ends at event {last}: {n} events are missing.",
            missing,
            last=whole_number_text(standing.last),
        )
    if standing.word == BROKEN:
        return tr(
            lang,
            "The log does not follow from itself at event {at}: it was changed.",
            at=whole_number_text(standing.at or 0),
        )
    if standing.since is not None:
        moment = local(standing.since.at) if local is not None else standing.since.at
        return tr(
            lang,
            "A backup was restored on {date} at {time}. If nobody here knows of that, the log was changed.",
            date=date_long(moment, lang),
            time=time_hm(moment),
        )
    return tr(lang, "Another event is there now: the log was changed.")


def sheet_check_result_text(
    hall: str, standing: SheetCheckResult, lang: str | None = None, local: Callable[[datetime], datetime] | None = None
) -> str:
    """Return the result of comparing a sheet with a hall."""
    lang = lang or current_language()
    if standing.word == UNKNOWN or standing.seq is None:
        return tr(
            lang,
            "This sheet of an earlier QueueDesk fits no event of {hall}: it is another hall's, or the log was changed since.",
            hall=hall,
        )
    seq = whole_number_text(standing.seq)
    if standing.word == HOLDS:
        return tr(
            lang,
            "It still holds: up to event {seq} the log of {hall} is the one this was printed from.",
            seq=seq,
            hall=hall,
        )
    if standing.word == OTHER:
        return tr(
            lang,
            "This is not of {hall}, whose log starts differently: it is another hall's, or the whole log was rewritten.",
            hall=hall,
        )
    if standing.word == PUT_BACK:
        told = tr(lang, "What this was printed from, up to event {seq} of {hall}, is gone.", seq=seq, hall=hall)
    else:
        told = tr(
            lang,
            "It no longer holds: the log of {hall} up to event {seq} is not the one this was printed from.",
            seq=seq,
            hall=hall,
        )
    return tr(lang, "{one} {other}", context="sentences", one=told, other=why_text(standing, lang, local))


def invalid_kept_reports_markup(fallen: Sequence[KeptReportCheck], lang: str) -> str:
    """Return that kept reports are no longer valid, naming the first of them; the main point is between <b> and
    </b>."""
    first = fallen[0]
    return ntr(
        lang,
        "<b>A kept report no longer holds:</b> that of {span}, up to event {seq}. {why}",
        "<b>{n} kept reports no longer hold,</b> first that of {span}, up to event {seq}. {why}",
        len(fallen),
        span=report_dates_text(first.span, lang),
        seq=whole_number_text(first.seq),
        why=why_text(first.standing, lang),
    )


def gone_text(formers: ReportChecks, setup: Setup, lang: str) -> str:
    """Return how many kept reports describe what was lost when a backup was restored."""
    gone = formers.put_back
    return ntr(
        lang,
        "{n} kept report tells of events that are gone. {why}",
        "{n} kept reports tell of events that are gone. {why}",
        len(gone),
        why=why_text(gone[-1].standing, lang, setup.local),
    )


def kept_reports_doctor_result(formers: ReportChecks, setup: Setup, lang: str | None = None) -> tuple[str, str]:
    """Return whether kept reports are still valid, as doctor says it: ok, warning or failed, and a sentence."""
    lang = lang or current_language()
    if formers.fallen:
        return "failed", invalid_kept_reports_markup(formers.fallen, lang).replace("<b>", "").replace("</b>", "")
    if formers.put_back:
        return "warning", gone_text(formers, setup, lang)
    if formers.others:
        text = ntr(
            lang,
            "{n} kept report is of another log: a hall {hall} was set up again, or its log was rewritten from the first event.",
            "{n} kept reports are of another log: a hall {hall} was set up again, or its log was rewritten from the first event.",
            formers.others,
            hall=setup.hall.code,
        )
        return "warning", text
    if not formers.kept:
        return "ok", tr(lang, "No report of this hall is kept on this PC.")
    return "ok", ntr(lang, "{n} kept report still holds.", "All {n} kept reports still hold.", len(formers.kept))
