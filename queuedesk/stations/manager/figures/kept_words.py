"""Kept reports in words: their dates, sizes, the hall's rules about them, and what stands in their way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import DAY, WEEK
from queuedesk.core.setup.values import Setup
from queuedesk.core.upkeep.check_code import PUT_BACK, Standing
from queuedesk.i18n import _, date_short, figure_range, n_, say, time_hm
from queuedesk.i18n.moments import date_long, day_ticket
from queuedesk.i18n.upkeep.sheet_words import kept_text
from queuedesk.stations.manager.figures.kept_controller import KeptList, KeptReport
from queuedesk.stations.manager.figures.report_words import span_text
from queuedesk.stations.manager.today.alert_words import AlertText, Place

KEPT = "kept"
KB, MB = 1_000, 1_000_000
PRINTER_TROUBLE = ("no_report_printer", "no_printer", "narrow_paper", "printer_refused")


def standing_word(standing: Standing) -> str:
    """Return whether a report still holds, in a word or two."""
    if standing.holds:
        return _("holds", context="kept report")
    return _("put back", context="kept report") if standing.word == PUT_BACK else _("changed", context="kept report")


def check_text(found: KeptList, setup: Setup) -> tuple[str, str]:
    """Return what stands before the way to check a sheet, and the token of its colour."""
    for_paper = _("Who keeps a sheet can see by its check code whether the log was changed since.")
    if not found.reports and not found.formers.others:
        return for_paper, "ink2"
    status, text = kept_text(found.formers, setup)
    if status != "ok":
        return text, "red" if status == "failed" else "amber"
    return _("{one} {other}", context="sentences", one=text, other=for_paper), "ink2"


def dates_text(report: KeptReport) -> str:
    """Return which dates a report is about, with the year."""
    if report.period == DAY:
        return day_ticket(report.first)
    if report.period == WEEK:
        span = figure_range(date_short(report.first), date_short(report.last))
        return _("{dates} {year}", context="week", dates=span, year=report.last.year)
    return span_text(report.period, report.first, report.last, report.last)


def moment_text(setup: Setup, moment: datetime, today_year: int) -> str:
    """Return a date and a time on the hall's clock, with its year where that is another one."""
    local = setup.local(moment)
    day = date_short(local.date()) if local.year == today_year else date_long(local.date())
    return f"{day} {time_hm(local)}"


def size_text(size: int) -> str:
    """Return "80 kB"."""
    return f"{size / MB:.1f} MB" if size >= MB else f"{max(1, round(size / KB))} kB"


def first_text(setup: Setup) -> str:
    """Return how the first report comes into being, where none is kept yet."""
    if setup.settings["reports"] == "off":
        return _("The rules of the set-up say which write themselves.")
    if setup.hall.simulated:
        return _("“{button}” writes those of the days that are over.", button=_("Write what is due now"))
    return _("The first writes itself when the first day is over.")


def rules_text(setup: Setup) -> str:
    """Return the hall's rules about reports as one or more sentences."""
    wanted = str(setup.settings["reports"])
    if setup.hall.simulated:
        return _("This hall is simulated: its reports are written only when somebody asks for them here.")
    if wanted == "off":
        return _("Reports do not write themselves in this hall.")
    told = [
        _("Each day's report writes itself when the day is over.")
        if wanted == "days"
        else _("The report of each day, week, month, quarter and year writes itself when that is over.")
    ]
    if setup.settings["report_print"] == "on":
        told.append(_("The newest day's is printed once."))
    keep = setup.number("report_keep_days")
    told.append(
        n_("Those of days and weeks are kept for {n} day.", "Those of days and weeks are kept for {n} days.", keep)
        if keep
        else _("All are kept for good.")
    )
    text = told[0]
    for sentence in told[1:]:
        text = _("{one} {other}", context="sentences", one=text, other=sentence)
    return text


def paper_text(setup: Setup, *, is_missing: bool) -> str:
    """Return what stands before the choice of a printer; where the hall wants paper and none is chosen, that nothing
    comes."""
    wants_paper = setup.settings["reports"] != "off" and setup.settings["report_print"] == "on"
    if wants_paper and is_missing and not setup.hall.simulated:
        return _("Nothing prints by itself on this PC: no printer for reports is chosen.")
    return _("Printer for reports")


def done_text(document: Mapping[str, Any]) -> str:
    """Return what became of writing what was due."""
    written, removed = len(document["written"]), len(document["removed"])
    if not written and not removed:
        return _("No report was due.")
    text = n_("{n} report written", "{n} reports written", written)
    if removed:
        gone = n_("{n} old one removed", "{n} old ones removed", removed)
        return _("{one}, {other}", context="reports", one=text, other=gone)
    return text


def trouble_sentence(row: Mapping[str, Any]) -> str:
    """Return why something failed, in the language of the moment; what another process met keeps its words."""
    try:
        return say(OutsideError(str(row["code"]), **row["details"]))
    except KeyError:
        return str(row["message"]) or _("Writing ended unexpectedly; it is tried again soon.")


def trouble_text(row: Mapping[str, Any]) -> AlertText:
    """Return the strip that says so on the manager's day."""
    is_printer = row["code"] in PRINTER_TROUBLE
    title = _("The day's report was not printed") if is_printer else _("Reports can't be written")
    return AlertText("amber", title, trouble_sentence(row), _("Show"), Place(KEPT))
