"""What stands under the figures: what they leave out, how they are made, and the log they come from."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from queuedesk.i18n import tr
from queuedesk.reports.pdf import INK2, LEFT, RIGHT, Block
from queuedesk.reports.prose import Prose
from queuedesk.reports.words import joined, left_out_text, sentence, seq_range

WIDTH = RIGHT - LEFT


def small_print(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return the lines that let a reader check the page."""
    blocks = left_out(figures, lang)
    made_how = [tr(lang, "<b>How the figures are made.</b>"), *definitions(figures["wait"]["target_minutes"], lang)]
    made = Prose(joined(made_how, lang), 6.7, WIDTH, colour=INK2, leading=1.36)
    blocks.append(made.block(gap=5))
    return [*blocks, *proof(figures, lang)]


def left_out(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return the line that says what the figures leave out, and why."""
    parts = [left_out_text(row["what"], row["n"], lang) for row in figures["left_out"]]
    said = sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = tr(lang, "<b>Left out:</b> {what}", what=said)
    return [Prose(told, 7.8, WIDTH, colour=INK2, leading=1.4).block(gap=11)]


def proof(figures: Mapping[str, Any], lang: str, *, of: str = "") -> list[Block]:
    """Return the line that names the log, of the hall `of` where there are several; nothing without a log."""
    if not figures["log"]["hash"]:
        return []
    told = tr(
        lang,
        "Made from events {range} of the log; SHA-256 of the last: {hash}",
        range=seq_range(figures["log"]),
        hash=figures["log"]["hash"],
    )
    said = f"<b>{escape(of)}</b> {told}" if of else told
    return [Prose(said, 6.7, WIDTH, colour=INK2, leading=1.36).block(gap=1)]


def definitions(target: int | None, lang: str) -> list[str]:
    """Return what each figure is, a sentence each; `target` is the wait to be kept in minutes, None where halls differ."""
    return [
        tr(
            lang,
            "Wait: from joining the service's line (after a wrong counter: from the first arrival) to the first call there.",
        ),
        tr(
            lang,
            "Called within {minutes} min: called in time ÷ (called + left uncalled after longer).",
            minutes=target,
        )
        if target is not None
        else tr(lang, "Called within the target of the hall: called in time ÷ (called + left uncalled after longer)."),
        tr(lang, "90 % within: nine waits of ten were no longer; interpolated linearly, like the median."),
        tr(lang, "Handling: start to finish, less minutes set aside and of other systems."),
        tr(lang, "Satisfied: levels 3 to 5 ÷ all ratings, with Wilson's 95 % interval."),
        tr(lang, "Within the promise: first called no later than told at issue."),
        tr(lang, "Overtaken: a later place was called first by a window that could have served it."),
        tr(lang, "Left: walked out, did not come, or still waiting at day-end."),
        tr(lang, "Services count steps of visits, the last row tickets."),
    ]
