"""What each figure is called in tables for people, and its definition: what is counted, of how many, and left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.i18n import figure_range, mark, names, ntr, tr
from queuedesk.i18n.figures.figure_titles import FIGURES_IN_WORDS, SHARE_WORDS
from queuedesk.i18n.names import UNKNOWN, decimal_text, whole_number_text
from queuedesk.reports.draw.pdf import BOTTOM, TOP, BlockWithinPage, PageChapter, blocks_height, sentence_table_blocks

# Texts around the figures of a report: ranges, names, the part of the log, what is left out.


def percent_range_text(low: float | None, high: float | None) -> str:
    """Return "91.8–97.8"."""
    if low is None or high is None:
        return UNKNOWN
    return figure_range(f"{low * 100:.1f}", f"{high * 100:.1f}")


def service_code_and_name(setup: Setup, code: str, lang: str) -> str:
    """Return "A Pay a bill"; only the code for an unknown service."""
    name = names.service_name(setup, code, lang)
    return f"{code} {name}" if name != code else code


def opening_hours_text(setup: Setup) -> str:
    """Return "8:30–17:30"."""
    return figure_range(clock_text(setup.hall.opens), clock_text(setup.hall.closes))


def report_event_range(log: Mapping[str, Any]) -> str:
    """Return "9,214–11,873", the events of the log that a report is made from."""
    if log["first_seq"] is None:
        return UNKNOWN
    return figure_range(whole_number_text(log["first_seq"]), whole_number_text(log["last_seq"]))


def what_figure_leaves_out_text(what: str, n: float, lang: str) -> str:
    """Return what a figure leaves out and why, as part of a sentence."""
    if what == "held_minutes":
        return tr(lang, "{minutes} min set aside are not handling", minutes=decimal_text(n))
    if what == "stalled_minutes":
        return tr(lang, "{minutes} min of waiting for other systems are not handling", minutes=decimal_text(n))
    count = int(n)
    if what == "void":
        return ntr(
            lang,
            "{shown} void ticket is counted in no time",
            "{shown} void tickets are counted in no time",
            count,
            shown=whole_number_text(count),
        )
    if what == "inaccurate":
        return ntr(
            lang,
            "{shown} closed only by the day-end is in no average",
            "{shown} closed only by the day-end are in no average",
            count,
            shown=whole_number_text(count),
        )
    if what == "wrong_time":
        return ntr(
            lang,
            "{shown} ticket was given out by a clock that was ahead and is in no figure",
            "{shown} tickets were given out by a clock that was ahead and are in no figure",
            count,
            shown=whole_number_text(count),
        )
    if what == "redirected":
        return ntr(
            lang,
            "{shown} in the wrong line is not in wait or handling there",
            "{shown} in the wrong line are not in wait or handling there",
            count,
            shown=whole_number_text(count),
        )
    if what == "transferred":
        return ntr(
            lang,
            "{shown} transferred on is not among the finished where it came from",
            "{shown} transferred on are not among the finished where they came from",
            count,
            shown=whole_number_text(count),
        )
    if what == "left_uncalled":
        return ntr(
            lang,
            "{shown} who left uncalled is not in the mean wait",
            "{shown} who left uncalled are not in the mean wait",
            count,
            shown=whole_number_text(count),
        )
    if what == "left_early":
        return ntr(
            lang,
            "{shown} of those left before the target had passed and is not in the share called in time",
            "{shown} of those left before the target had passed and are not in the share called in time",
            count,
            shown=whole_number_text(count),
        )
    if what == "start_assumed":
        return ntr(
            lang,
            "{shown} start was not noted and is taken as the call",
            "{shown} starts were not noted and are taken as the calls",
            count,
            shown=whole_number_text(count),
        )
    if what == "paper_unpromised":
        return ntr(
            lang,
            "{shown} ticket was kept on paper and entered later: it had no estimated wait",
            "{shown} tickets were kept on paper and entered later: they had no estimated wait",
            count,
            shown=whole_number_text(count),
        )
    if what == "promised_uncalled":
        return ntr(
            lang,
            "{shown} with an estimated wait was never called",
            "{shown} with an estimated wait were never called",
            count,
            shown=whole_number_text(count),
        )
    if what == "unrated":
        return tr(lang, "{n} without a rating", n=whole_number_text(n))
    if what == "no_number":
        return ntr(
            lang,
            "{shown} opinion without a ticket's number counts apart",
            "{shown} opinions without a ticket's number count apart",
            count,
            shown=whole_number_text(count),
        )
    if what == "excluded":
        return ntr(
            lang,
            "{shown} rating was excluded by a correction",
            "{shown} ratings were excluded by corrections",
            count,
            shown=whole_number_text(count),
        )
    if what == "corrected_alone":
        return ntr(
            lang,
            "times, people or the rating of {shown} ticket were corrected by one person alone",
            "times, people or ratings of {shown} tickets were corrected by one person alone",
            count,
            shown=whole_number_text(count),
        )
    if what == "late_arrivals":
        return ntr(
            lang,
            "{shown} who came after the last call is in no half-hour",
            "{shown} who came after the last call are in no half-hour",
            count,
            shown=whole_number_text(count),
        )
    return ntr(lang, "{shown} visit not over yet", "{shown} visits not over yet", count, shown=whole_number_text(count))


def parts_as_one_sentence(parts: list[str], lang: str) -> str:
    return tr(lang, "{parts}.", parts=tr(lang, "; ", context="list").join(parts), context="report") if parts else ""


def sentences_joined(sentences: list[str], lang: str) -> str:
    """Return whole sentences one after the other."""
    return ("" if lang == "zh_CN" else " ").join(sentences)


CONTEXT = "definition"
LOOKS = ((7.4, 3.8), (7.0, 3.8), (7.0, 2.6), (7.0, 1.4), (7.0, 0.8))
"""Sizes with the padding of a row: the first with which all of them stand on one page. Nobody reads smaller print, so
where none does they have the room of the first on two."""
_WHERE_ANY = frozenset(
    {
        *(
            f"measures.{key}.{part}"
            for key, words in SHARE_WORDS.items()
            if words.is_quiet
            for part in words.definitions
        ),
        "measures.papers.not_ready",
        "quality.cases.overdue",
        "measures.system_wait.minutes",
        "measures.set_aside.minutes",
    }
)
"""What the page of measures leaves out where it is 0."""
_LEAST_ROWS = {"measures.classes": 2, "measures.counters": 2}
"""Lists that compare: with fewer rows the page leaves them out."""
PROOF = 12.0
"""What the line under them takes that names the log."""
SHARES = (0.15, 0.325, 0.185, 0.18, 0.16)


class DefinitionWords(Struct, frozen=True):
    """A figure under its path in the document, in words: numerator, denominator, what is left out, and how people who
    left unserved count; "" for nothing."""

    path: str
    name: str
    counted: str
    of: str = ""
    left_out: str = ""
    abandoned: str = ""


_NOT_IN = mark("not in", context="definition")
_SHARES = tuple(
    DefinitionWords(f"measures.{figure.key}.{part}", *told)
    for figure, words in FIGURES_IN_WORDS
    for part, told in words.definitions.items()
)
_ALL = (
    DefinitionWords(
        "issued",
        mark("Issued", context="definition"),
        mark(
            "every ticket taken, void ones too; services: steps that joined the line, redirected ones only where they went",
            context="definition",
        ),
        abandoned=mark("counted", context="definition"),
    ),
    DefinitionWords(
        "hours.calls",
        mark("Calls by half-hour", context="definition"),
        mark("first calls of steps; a visit with two steps has two", context="definition"),
    ),
    *_SHARES[:1],
    DefinitionWords(
        "wait.mean",
        mark("Wait: mean, median, 90 %", context="definition"),
        mark(
            "minutes from joining the service's line to the first call there; after a wrong window from the first arrival",
            context="definition",
        ),
        mark("steps that were called", context="definition"),
        mark("void tickets; steps at a wrong window or ended by the day-end", context="definition"),
        mark("not in: without a call there is no wait", context="definition"),
    ),
    DefinitionWords(
        "wait.within_target",
        mark("Called within {minutes} min", context="definition"),
        mark("steps called within the target", context="definition"),
        mark("steps called, and those left uncalled after longer", context="definition"),
        mark("as the wait; who left uncalled within the target", context="definition"),
        mark("counted as not in time once they had waited longer than the target", context="definition"),
    ),
    DefinitionWords(
        "way.mean",
        mark("Walk to the window", context="definition"),
        mark("minutes from the first call to the start", context="definition"),
        mark("steps with a noted start", context="definition"),
        mark("void; starts not noted", context="definition"),
        _NOT_IN,
    ),
    DefinitionWords(
        "handling.mean",
        mark("Handling", context="definition"),
        mark("minutes from start to finish, less those set aside and those of other systems", context="definition"),
        mark("steps served to their end", context="definition"),
        mark("void tickets; steps at a wrong window or ended by the day-end", context="definition"),
        _NOT_IN,
    ),
    DefinitionWords(
        "ratings.rate",
        mark("Satisfied", context="definition"),
        mark("ratings OK or better (levels 3 to 5)", context="definition"),
        mark("all ratings, with Wilson's 95 % interval", context="definition"),
        mark("who did not rate; ratings excluded by corrections; opinions without a number", context="definition"),
        mark("not in: only who was served can rate", context="definition"),
    ),
    DefinitionWords(
        "promise.within",
        mark("Wait within the estimate", context="definition"),
        mark("tickets first called no later than the upper end of the estimate at issue", context="definition"),
        mark("tickets with an estimated wait that were called", context="definition"),
        mark("void tickets; tickets without an estimate", context="definition"),
        mark("not in: never called", context="definition"),
    ),
    DefinitionWords(
        "measures.promise.late",
        mark("Later than estimated", context="definition"),
        mark("tickets first called after the upper end of the estimate at issue", context="definition"),
        mark("tickets with an estimated range that were called", context="definition"),
        mark("void; no estimated range; one ticket in ten is meant to wait longer", context="definition"),
        mark("not in: never called", context="definition"),
    ),
    DefinitionWords(
        "measures.promise.interval_score",
        mark("Error and score", context="definition"),
        mark(
            "error: minutes the single figure was off; score: the range's width and ten times the minutes outside it, lower is better; simple: ahead × usual ÷ windows",
            context="definition",
        ),
        mark("tickets with an estimated range that were called", context="definition"),
        abandoned=mark("not in: never called", context="definition"),
    ),
    *_SHARES[1:],
    DefinitionWords(
        "measures.outcomes",
        mark("Outcomes", context="definition"),
        mark("steps finished, by the outcome that was noted", context="definition"),
        mark("steps finished at a window", context="definition"),
        abandoned=_NOT_IN,
    ),
    DefinitionWords(
        "measures.missed.n",
        mark("Missed at least once", context="definition"),
        mark("tickets that did not come to their calls; of them those put back in line", context="definition"),
        abandoned=mark("who did not come at all is missed and left", context="definition"),
    ),
    DefinitionWords(
        "left",
        mark("Left", context="definition"),
        mark("tickets that walked out, did not come, or still waited at the day-end", context="definition"),
    ),
    DefinitionWords(
        "measures.papers.not_ready",
        mark("Came without the papers", context="definition"),
        mark("people sent for papers before they took a ticket; tickets of those who came again", context="definition"),
        left_out=mark("without a ticket they are in no other figure", context="definition"),
    ),
    DefinitionWords(
        "measures.idle_minutes",
        mark("Windows free while somebody waited", context="definition"),
        mark(
            "minutes of open windows without a customer while somebody waited that they could call",
            context="definition",
        ),
        left_out=mark("pauses", context="definition"),
        abandoned=mark("counted until they left", context="definition"),
    ),
    DefinitionWords(
        "measures.system_wait.minutes",
        mark("Waiting for other systems", context="definition"),
        mark("minutes noted as such, in steps that were served to their end", context="definition"),
        abandoned=_NOT_IN,
    ),
    DefinitionWords(
        "measures.set_aside.minutes",
        mark("Set aside", context="definition"),
        mark("minutes from setting aside to taking back, in steps served to their end", context="definition"),
        abandoned=_NOT_IN,
    ),
    DefinitionWords(
        "measures.questions",
        mark("Further questions", context="definition"),
        mark("answers by level; levels are a scale, so they become neither a share nor a mean", context="definition"),
        left_out=mark("ratings excluded by corrections", context="definition"),
    ),
    DefinitionWords(
        "measures.classes",
        mark("Waits by class", context="definition"),
        mark("as the wait, by the class of the ticket", context="definition"),
    ),
    DefinitionWords(
        "measures.counters",
        mark("One service or several", context="definition"),
        mark(
            "steps called, by what window and person together may serve in the set-up as it is now",
            context="definition",
        ),
        abandoned=mark("not in: never called", context="definition"),
    ),
    DefinitionWords(
        "measures.overtakes",
        mark("Later ticket first", context="definition"),
        mark("times that a window called a later place before one that it could have served", context="definition"),
        left_out=mark("who came back in line or let others go first: by the new place", context="definition"),
        abandoned=mark("counted until they left", context="definition"),
    ),
    DefinitionWords(
        "windows.serving_minutes",
        mark("Serving", context="definition"),
        mark("minutes from the start until the customer went", context="definition"),
        mark("minutes open, pauses included", context="definition"),
    ),
    DefinitionWords(
        "measures.pauses",
        mark("Pauses", context="definition"),
        mark("pauses of 20 minutes or more; one that lasts counts until now", context="definition"),
    ),
    DefinitionWords(
        "measures.longest_waits",
        mark("What was going on", context="definition"),
        mark(
            "a visit before of 15 min and twice what nine of ten take; a window paused 10 min; later tickets first; few windows; a rush (1.5 × mean); else those ahead",
            context="definition",
        ),
    ),
    DefinitionWords(
        "measures.diversion.rate",
        mark("Offered elsewhere", context="definition"),
        mark("offers of another channel that were accepted", context="definition"),
        mark("all offers noted", context="definition"),
    ),
    DefinitionWords(
        "measures.diversion.hall_share",
        mark("The hall's share", context="definition"),
        mark("tickets of the service finished here", context="definition"),
        mark("those, and what other channels reported for the same months", context="definition"),
        mark("months that nobody reported", context="definition"),
        _NOT_IN,
    ),
    DefinitionWords(
        "measures.devices",
        mark("Equipment up", context="definition"),
        mark("minutes in which the device worked", context="definition"),
        mark("minutes from the first window opened to the last one closed", context="definition"),
    ),
    DefinitionWords(
        "measures.help.answer.median",
        mark("Help answered", context="definition"),
        mark(
            "minutes from a press of a help button until somebody said they were coming, or was there",
            context="definition",
        ),
        mark("calls answered; arrivals are counted separately", context="definition"),
        mark("those taken back or never answered", context="definition"),
    ),
    DefinitionWords(
        "quality.cases.overdue",
        mark("Cases overdue", context="definition"),
        mark(
            "open cases whose last day for the next step, in working days, had passed at the end", context="definition"
        ),
        mark("cases open at the end", context="definition"),
    ),
    DefinitionWords(
        "quality.cases.days_to_close.median",
        mark("Days to close", context="definition"),
        mark("working days of the hall's calendar from the day of opening to that of closing", context="definition"),
        mark("cases closed in this time and not opened again", context="definition"),
        mark("open cases", context="definition"),
    ),
    DefinitionWords(
        "quality.cases.verdicts.rate",
        mark("Satisfied when called back", context="definition"),
        mark("verdicts 'satisfied', each time that somebody was asked", context="definition"),
        mark("those, and 'still dissatisfied', with Wilson's 95 % interval", context="definition"),
        mark("who was not reached, gave no answer or could not be asked", context="definition"),
        _NOT_IN,
    ),
    DefinitionWords(
        "quality.inspections.score.mean",
        mark("Mean score", context="definition"),
        mark("points of a hundred, of the items that applied", context="definition"),
        mark("signed sheets of this time", context="definition"),
    ),
    DefinitionWords(
        "targets",
        mark("Targets", context="definition"),
        mark(
            "figures of only the dates on which the target applied; satisfaction is met, or not, only where its whole interval is",
            context="definition",
        ),
    ),
)


def figure_definitions(figures: Mapping[str, Any], lang: str) -> list[DefinitionWords]:
    """Return the definition of every figure of the document, in `lang`, with the hall's own target and days."""
    target = figures["wait"]["target_minutes"]
    days = (figures.get("measures", {}).get("first_visit") or {}).get("days")
    # Halls together may differ in either.
    fields = {"minutes": UNKNOWN if target is None else target, "days": UNKNOWN if days is None else days}

    def translated(text: str) -> str:
        return tr(lang, text, context=CONTEXT, **fields) if text else ""

    return [
        DefinitionWords(
            one.path, *(translated(text) for text in (one.name, one.counted, one.of, one.left_out, one.abandoned))
        )
        for one in _ALL
    ]


def definition_column_titles(lang: str) -> list[str]:
    """Return the column titles of a table of definitions."""
    return [
        tr(lang, "Figure", context="report"),
        tr(lang, "What is counted"),
        tr(lang, "Of how many"),
        tr(lang, "Not in it"),
        tr(lang, "Who left unserved"),
    ]


def definitions_chapter_blocks(figures: Mapping[str, Any], lang: str, chapter: PageChapter) -> list[BlockWithinPage]:
    """Return the chapter of definitions, its head first."""
    head = chapter.head_block()
    for look in (*LOOKS, LOOKS[0]):
        blocks = [head, *definitions_table_blocks(figures, lang, look)]
        if blocks_height(blocks) <= BOTTOM - TOP - PROOF:
            break
    return blocks


def definitions_table_blocks(
    figures: Mapping[str, Any], lang: str, look: tuple[float, float] = LOOKS[0]
) -> list[BlockWithinPage]:
    """Return the table of definitions; `look` is the size of its letters and the padding of a row, in points."""
    rows = [
        [one.name, one.counted, *(text or UNKNOWN for text in (one.of, one.left_out, one.abandoned))]
        for one in figure_definitions(figures, lang)
        if _is_figure_worth_mentioning(figures, one.path)
    ]
    size, padding = look
    top, *lines = sentence_table_blocks(definition_column_titles(lang), rows, SHARES, size=size, padding=padding)
    # The line that names the log does not stand alone on a page.
    lines[-1] = replace(lines[-1], keep=True)
    return [BlockWithinPage(top.height, top.draw, gap=10, keep=True), *lines]


def _is_figure_worth_mentioning(figures: Mapping[str, Any], path: str) -> bool:
    """Return whether a figure has anything to say here: the page tells only of what stands on the pages before it."""
    value: Any = figures
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else value
    if isinstance(value, Mapping):
        return any(isinstance(one, Mapping) and one.get("n") for one in value.values())
    if isinstance(value, list):
        rows = [row for row in value if row.get("code", "") is not None] if path == "measures.outcomes" else value
        return len(rows) >= _LEAST_ROWS.get(path, 1)
    return bool(value) if path in _WHERE_ANY else value is not None
