"""The text below the figures: what they leave out, and the log they come from."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from queuedesk.core.upkeep.check_code import Anchor
from queuedesk.i18n import ntr, tr
from queuedesk.i18n.numerals import whole
from queuedesk.reports.draw.pdf import INK2, LEFT, RIGHT, Block
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.words import left_out_text, sentence, seq_range

WIDTH = RIGHT - LEFT


def left_out(figures: Mapping[str, Any], lang: str) -> list[Block]:
    """Return the line that says what the figures leave out, and why."""
    parts = [left_out_text(row["what"], row["n"], lang) for row in figures["left_out"]]
    said = sentence(parts, lang) if parts else tr(lang, "nothing.", context="left out")
    told = tr(lang, "<b>Left out:</b> {what}", what=said)
    several = sum(row["issued"] for row in figures["services"]) - figures["issued"]
    if several > 0:
        told += " " + ntr(
            lang,
            "Services add up to {shown} more than all: a ticket with several counts at each.",
            "Services add up to {shown} more than all: tickets with several count at each.",
            several,
            shown=whole(several),
        )
    return [Prose(told, 7.8, WIDTH, colour=INK2, leading=1.4).block(gap=11)]


def proof(figures: Mapping[str, Any], anchor: Anchor | None, lang: str, *, of: str = "") -> list[Block]:
    """Return the lines that name the log, of the hall `of` where there are several, and by which it is checked; nothing
    without a log."""
    if not figures["log"]["hash"]:
        return []
    told = tr(
        lang,
        "Made from events {range} of the log; SHA-256 of the last: {hash}",
        range=seq_range(figures["log"]),
        hash=figures["log"]["hash"],
    )
    said = f"<b>{escape(of)}</b> {told}" if of else told
    lines = [said]
    if anchor is not None:
        lines.append(
            tr(
                lang,
                "Check code <b>{code}</b>: by it anybody can see later whether this log was changed (Reports, Kept, Check a sheet).",
                code=anchor.code,
            )
        )
    return [Prose(line, 7.0, WIDTH, colour=INK2, leading=1.36).block(gap=1) for line in lines]
