"""Words about clocks: the question whether a time has come, and how far a clock is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.core.log.state import TimesOfLogAheadOfClock, UnconfirmedClockJump
from queuedesk.i18n import names
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.moments import date_for_staff, date_long, list_text, time_hm


def clock_question_text(doubt: UnconfirmedClockJump, lang: str | None = None) -> str:
    """Return the question that staff answers with yes or no."""
    lang = lang or current_language()
    return tr(
        lang, "{fact} Is it {now}?", fact=_clock_doubt_text(doubt, lang), now=_moment_words(doubt.now, doubt.last, lang)
    )


def clock_answers_effect_text(doubt: UnconfirmedClockJump, lang: str | None = None) -> str:
    """Return what each answer does."""
    lang = lang or current_language()
    if doubt.is_beyond_idle_gap:
        return tr(lang, "Only a manager can confirm this. If it is not so, please set this PC's clock first.")
    if not (doubt.waiting or doubt.open or doubt.windows):
        return tr(lang, "If not, please set the clock of this PC right first.")
    day = date_for_staff(doubt.last.date(), lang)
    return tr(
        lang,
        "Yes ends {day}: who still waited counts as gone, and the windows are closed. If not, please set the clock of this PC right first.",
        day=day,
    )


def confirm_clock_first_text(lang: str, details: Mapping[str, Any]) -> str:
    """Return why nothing goes on until the question is answered, for screens: staff there have a button for it."""
    asked = clock_question_text(details["doubt"], lang)
    if details["doubt"].is_beyond_idle_gap:
        return tr(lang, "{question} A manager has to confirm this first.", question=asked)
    return tr(lang, "{question} A member of staff has to confirm this first.", question=asked)


def confirm_clock_by_command_text(lang: str, details: Mapping[str, Any]) -> str:
    asked = clock_question_text(details["doubt"], lang)
    if details["doubt"].is_beyond_idle_gap:
        return tr(lang, "{question} A manager has to confirm this first: queuedesk clock confirm.", question=asked)
    return tr(lang, "{question} A member of staff has to confirm this first: queuedesk clock confirm.", question=asked)


def _clock_doubt_text(doubt: UnconfirmedClockJump, lang: str) -> str:
    day = _date_words(doubt.last, doubt.now, lang)
    if doubt.was_set and doubt.last.date() == doubt.now.date():
        return tr(
            lang,
            "The clock of this PC was put forward; the hall last did something at {time}.",
            time=time_hm(doubt.last),
        )
    if doubt.waiting:
        return ntr(
            lang,
            "The hall was left open on {day} with {n} waiting.",
            "The hall was left open on {day} with {n} waiting.",
            doubt.waiting,
            day=day,
        )
    if doubt.open:
        return ntr(
            lang,
            "The hall was left open on {day} with {n} customer who was not finished.",
            "The hall was left open on {day} with {n} customers who were not finished.",
            doubt.open,
            day=day,
        )
    if doubt.windows:
        return ntr(
            lang,
            "The hall was left open on {day} with {n} open window.",
            "The hall was left open on {day} with {n} open windows.",
            doubt.windows,
            day=day,
        )
    if doubt.appointments:
        return ntr(
            lang,
            "Nothing has happened in this hall since {time}, and {n} appointment would be over.",
            "Nothing has happened in this hall since {time}, and {n} appointments would be over.",
            doubt.appointments,
            time=_moment_words(doubt.last, doubt.now, lang),
        )
    return tr(lang, "Nothing has happened in this hall since {time}.", time=_moment_words(doubt.last, doubt.now, lang))


def _date_words(moment: datetime, other: datetime, lang: str) -> str:
    """Return a date, with its year where it is not the other's."""
    return date_for_staff(moment.date(), lang) if moment.year == other.year else date_long(moment.date(), lang)


def _moment_words(moment: datetime, other: datetime, lang: str) -> str:
    return tr(lang, "{date}, {time}", context="moment", date=_date_words(moment, other, lang), time=time_hm(moment))


def log_and_clock_times_text(
    document: Mapping[str, Any], doubt: UnconfirmedClockJump | None, lang: str | None = None
) -> str:
    """Return the time of the log's end and the clock's, as a command prints them."""
    lang = lang or current_language()
    clock = datetime.fromisoformat(document["clock"])
    lines = [tr(lang, "The clock says {time}.", time=_moment_with_year(clock, lang))]
    if document["log"] is not None:
        lines.append(
            tr(
                lang,
                "The hall's log ends at {time}.",
                time=_moment_with_year(datetime.fromisoformat(document["log"]), lang),
            )
        )
    if doubt is not None:
        lines.append(confirm_clock_by_command_text(lang, {"doubt": doubt}))
    if document["to_set_right"]:
        lines.append(tr(lang, "If the clock is right, a manager can set the log right: queuedesk clock set-right."))
    return "\n".join(lines)


def time_confirmed_sentence(document: Mapping[str, Any], lang: str | None = None) -> str:
    lang = lang or current_language()
    now = datetime.fromisoformat(document["now"])
    return tr(lang, "Confirmed: it is {time}. The hall continues.", time=_moment_with_year(now, lang))


def _moment_with_year(moment: datetime, lang: str) -> str:
    return tr(lang, "{date}, {time}", context="moment", date=date_long(moment.date(), lang), time=time_hm(moment))


def log_ahead_of_clock_sentence(ahead: TimesOfLogAheadOfClock, lang: str | None = None) -> str:
    """Return that the log runs ahead of the clock."""
    lang = lang or current_language()
    log, now = _moment_with_year(ahead.log, lang), _moment_with_year(ahead.clock, lang)
    return tr(lang, "The hall's log is at {log}, but it is {now}.", log=log, now=now)


def clock_leap_repair_preview_lines(document: Mapping[str, Any], lang: str | None = None) -> list[str]:
    """Return what setting a log right would change, as sentences."""
    lang = lang or current_language()
    before, since, now = (
        _moment_with_year(datetime.fromisoformat(document[name]), lang) for name in ("before", "since", "now")
    )
    first = names.whole_number_text(document["first"])
    lines = [
        tr(lang, "Event {n} of the log leaps from {before} to {since}.", n=first, before=before, since=since),
        tr(lang, "The hall continues at {now}.", now=now),
    ]
    if n := document["tickets"]:
        lines.append(
            ntr(
                lang,
                "{shown} ticket that was given out since then stays in the log and is in no figure.",
                "{shown} tickets that were given out since then stay in the log and are in no figure.",
                n,
                shown=names.whole_number_text(n),
            )
        )
    if n := document["waiting"] + document["open"]:
        lines.append(
            ntr(
                lang,
                "{shown} person who is still in the hall needs a new number.",
                "{shown} people who are still in the hall need new numbers.",
                n,
                shown=names.whole_number_text(n),
            )
        )
    if n := document["windows"]:
        lines.append(
            ntr(
                lang,
                "{shown} window is closed, and everybody signs in again.",
                "{shown} windows are closed, and everybody signs in again.",
                n,
                shown=names.whole_number_text(n),
            )
        )
    if document["series"]:
        last = [f"{prefix}{number:03d}" for prefix, number in document["series"].items()]
        lines.append(tr(lang, "Numbers continue after {numbers}.", numbers=list_text(last, lang)))
    return lines


def clock_leap_repair_text(document: Mapping[str, Any], lang: str | None = None) -> str:
    lang = lang or current_language()
    return ("" if lang == "zh_CN" else " ").join(clock_leap_repair_preview_lines(document, lang))


def clock_corrected_sentence(document: Mapping[str, Any], lang: str | None = None) -> str:
    """Return that the log was set right."""
    lang = lang or current_language()
    now = _moment_with_year(datetime.fromisoformat(document["now"]), lang)
    return tr(lang, "Clock corrected: it is {time}. The hall continues.", time=now)


def clock_seems_behind_text(lang: str, details: Mapping[str, Any]) -> str:
    """Return why nothing is set right: the clock is behind, or the log is right."""
    log, clock = _moment_with_year(details["log"], lang), _moment_with_year(details["clock"], lang)
    return tr(
        lang,
        "The log went on evenly up to {log}, so the clock, which says {clock}, seems to be behind. Please set the clock right.",
        log=log,
        clock=clock,
    )
