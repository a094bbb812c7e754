"""Texts around the figures of a report: ranges, names, the part of the log, what is left out."""

from collections.abc import Mapping
from typing import Any

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import figure_range, names, ntr, tr
from queuedesk.i18n.numerals import UNKNOWN, decimal, whole


def percent_range(low: float | None, high: float | None) -> str:
    """Return "91.8–97.8"."""
    if low is None or high is None:
        return UNKNOWN
    return figure_range(f"{low * 100:.1f}", f"{high * 100:.1f}")


def service_name(setup: Setup, code: str, lang: str) -> str:
    """Return "A Pay a bill"; the code alone where nothing is known of the service."""
    name = names.service_name(setup, code, lang)
    return f"{code} {name}" if name != code else code


def opening_hours(setup: Setup) -> str:
    """Return "8:30–17:30"."""
    return figure_range(clock_text(setup.hall.opens), clock_text(setup.hall.closes))


def seq_range(log: Mapping[str, Any]) -> str:
    """Return "9,214–11,873", the events of the log that a report stands on."""
    if log["first_seq"] is None:
        return UNKNOWN
    return figure_range(whole(log["first_seq"]), whole(log["last_seq"]))


def left_out_text(what: str, n: float, lang: str) -> str:
    """Return what a figure leaves out and why, as part of a sentence."""
    if what == "held_minutes":
        return tr(lang, "{minutes} min set aside are not handling", minutes=decimal(n))
    if what == "stalled_minutes":
        return tr(lang, "{minutes} min of waiting for other systems are not handling", minutes=decimal(n))
    count = int(n)
    if what == "void":
        return ntr(lang, "{shown} void ticket", "{shown} void tickets", count, shown=whole(count))
    if what == "inaccurate":
        return ntr(
            lang,
            "{shown} that only the day-end closed is in no mean",
            "{shown} that only the day-end closed are in no mean",
            count,
            shown=whole(count),
        )
    if what == "wrong_time":
        return ntr(
            lang,
            "{shown} ticket was given out by a clock that was ahead and is in no figure",
            "{shown} tickets were given out by a clock that was ahead and are in no figure",
            count,
            shown=whole(count),
        )
    if what == "redirected":
        return ntr(
            lang,
            "{shown} in the wrong line is not in wait or handling there",
            "{shown} in the wrong line are not in wait or handling there",
            count,
            shown=whole(count),
        )
    if what == "left_uncalled":
        return ntr(
            lang,
            "{shown} who left uncalled is not in the mean wait",
            "{shown} who left uncalled are not in the mean wait",
            count,
            shown=whole(count),
        )
    if what == "left_early":
        return ntr(
            lang,
            "{shown} of those left before the target had passed and is not in the share called in time",
            "{shown} of those left before the target had passed and are not in the share called in time",
            count,
            shown=whole(count),
        )
    if what == "start_assumed":
        return ntr(
            lang,
            "{shown} start was not noted and is taken as the call",
            "{shown} starts were not noted and are taken as the calls",
            count,
            shown=whole(count),
        )
    if what == "paper_unpromised":
        return ntr(
            lang,
            "{shown} ticket was kept on paper and put in afterwards: nobody was told a wait",
            "{shown} tickets were kept on paper and put in afterwards: nobody was told a wait",
            count,
            shown=whole(count),
        )
    if what == "promised_uncalled":
        return ntr(
            lang,
            "{shown} who was told a wait was never called",
            "{shown} who were told a wait were never called",
            count,
            shown=whole(count),
        )
    if what == "unrated":
        return tr(lang, "{n} without a rating", n=whole(n))
    if what == "no_number":
        return ntr(
            lang,
            "{shown} opinion without a ticket's number counts apart",
            "{shown} opinions without a ticket's number count apart",
            count,
            shown=whole(count),
        )
    if what == "excluded":
        return ntr(
            lang,
            "{shown} rating was excluded by a correction",
            "{shown} ratings were excluded by corrections",
            count,
            shown=whole(count),
        )
    if what == "corrected_alone":
        return ntr(
            lang,
            "times, people or the rating of {shown} ticket were corrected by one person alone",
            "times, people or ratings of {shown} tickets were corrected by one person alone",
            count,
            shown=whole(count),
        )
    if what == "late_arrivals":
        return ntr(
            lang,
            "{shown} who came after the last call is not in the chart",
            "{shown} who came after the last call are not in the chart",
            count,
            shown=whole(count),
        )
    return ntr(lang, "{shown} visit not over yet", "{shown} visits not over yet", count, shown=whole(count))


def sentence(parts: list[str], lang: str) -> str:
    """Return the parts as one sentence, divided by semicolons."""
    return tr(lang, "{parts}.", parts=tr(lang, "; ", context="list").join(parts), context="report") if parts else ""


def joined(sentences: list[str], lang: str) -> str:
    """Return whole sentences one after the other."""
    return ("" if lang == "zh_CN" else " ").join(sentences)
