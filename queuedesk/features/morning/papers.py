"""The morning on paper: the briefing with who has read it, how the hall was signed open and closed, who was there."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from msgspec.structs import replace

from queuedesk.core.quality.inspection import CLOSING, OPENING
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document
from queuedesk.features.morning.verbs import (
    attendance_document,
    last_briefing_document,
    signed_opening_and_closing_document,
)
from queuedesk.features.morning.words import person_attendance_words
from queuedesk.files.writing import write_file
from queuedesk.i18n import date_for_report, list_text, name_in_language, time_hm, tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality import sheet_name_with_version
from queuedesk.reports.draw.head_and_foot import page_foot_drawer_without_log
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, RIGHT, BlockWithinPage, PdfSheet, WrappedMarkup, escape

WIDTH = RIGHT - LEFT
TITLE, HEAD, BODY = 22.0, 13.0, 11.0


def write_morning_pdf(
    desk: Desk, day: date | None, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> Path:
    """Write a date's morning, else today's, as a PDF. Raises OutsideError "cannot_write"."""
    setup = looking.setup_of_hall(desk)
    told = last_briefing_document(desk, day, now)
    opened, there = signed_opening_and_closing_document(desk, day, now), attendance_document(desk, day, now)
    rostered = bool(setup.roster)
    hall, title = name_in_language(setup.hall.name, setup.hall.name_en, lang), tr(lang, "The morning")
    sheet = PdfSheet(f"{hall} · {title} · {told['date']}", hall, lang)
    blocks = [
        _bookmarked_block(_prose_block(f"<b>{escape(title)}</b>", TITLE), title, level=0),
        _prose_block(f"{escape(hall)} · {date_for_report(date.fromisoformat(told['date']), lang)}", BODY, colour=INK2),
        *_briefing_blocks(setup, told["briefing"], lang),
        _heading_block(tr(lang, "Opening and closing")),
        *_signature_blocks(setup, OPENING, opened[OPENING], lang),
        *_signature_blocks(setup, CLOSING, opened[CLOSING], lang),
        _heading_block(tr(lang, "Who is there")),
        *(
            _prose_block(
                f"{escape(staff_name(setup, one['staff'], lang))}  {escape(person_attendance_words(one, lang, rostered=rostered))}"
            )
            for one in there["attendance"]
        ),
    ]
    target = Path(path)
    write_file(target, sheet.paged_pdf(blocks, page_foot_drawer_without_log(setup.to_hall_time(now), lang, printed_by)))
    return target


def _prose_block(markup: str, size: float = BODY, *, colour: str = INK) -> BlockWithinPage:
    return WrappedMarkup(markup, size, WIDTH, colour=colour).page_block(gap=4)


def _bookmarked_block(block: BlockWithinPage, title: str, level: int = 1) -> BlockWithinPage:
    """Return a block that is drawn with text of its own, with a bookmark."""

    def draw_with_bookmark(sheet: PdfSheet, y: float) -> None:
        sheet.add_bookmark(title, y, level)
        block.draw(sheet, y)

    return replace(block, draw=draw_with_bookmark)


def _heading_block(text: str) -> BlockWithinPage:
    return _bookmarked_block(WrappedMarkup(f"<b>{escape(text)}</b>", HEAD, WIDTH).page_block(gap=16), text)


def _briefing_blocks(setup: Setup, one: Document | None, lang: str) -> list[BlockWithinPage]:
    head = _heading_block(tr(lang, "Briefing", context="event"))
    if one is None:
        return [head, _prose_block(escape(tr(lang, "No briefing.")))]
    words = {"n": one["version"], "time": _time_of_iso_text(one["at"]), "name": staff_name(setup, one["by"], lang)}
    in_english = one["points_en"] or [""] * len(one["points"])
    points = [name_in_language(text, text_en, lang) for text, text_en in zip(one["points"], in_english, strict=False)]
    read = [f"{staff_name(setup, each['staff'], lang)} {_time_of_iso_text(each['at'])}" for each in one["read"]]
    unread = [staff_name(setup, code, lang) for code in one["unread"]]
    lines = [tr(lang, "Version {n}, {time}, {name}", **words), *(f"• {point}" for point in points)]
    lines += [tr(lang, "Read by {people}", people=list_text(read, lang))] if read else []
    lines += [tr(lang, "Not yet by {people}", people=list_text(unread, lang))] if unread else []
    return [head, *(_prose_block(escape(line)) for line in lines)]


def _signature_blocks(setup: Setup, what: str, one: Document | None, lang: str) -> list[BlockWithinPage]:
    is_opening = what == OPENING
    if one is None:
        if is_opening:
            return [_prose_block(escape(tr(lang, "Nobody has signed for the opening yet.")))]
        return [_prose_block(escape(tr(lang, "Nobody has signed for the closing yet.")))]
    words = {"time": _time_of_iso_text(one["at"]), "name": staff_name(setup, one["by"], lang)}
    if is_opening:
        signed = tr(lang, "Open, signed {time} by {name}", **words)
    else:
        signed = tr(lang, "Closed, signed {time} by {name}", **words)
    parts = [sheet_name_with_version(name_in_language(one["name"], one["name_en"], lang), one["version"], lang)]
    parts += [f"{one['temperature']} °C"] if one["temperature"] is not None else []
    parts += [f"{one['humidity']} %"] if one["humidity"] is not None else []
    lines = [f"{signed} · {' · '.join(parts)}"]
    states = {
        "good": tr(lang, "In order"),
        "not_applicable": tr(lang, "not applicable", context="inspection"),
        "lacking": tr(lang, "Not in order"),
    }
    for item in one["items"]:
        usual = [item["reasons"][place - 1] for place in item["why"]]
        why = [name_in_language(each["text"], each["text_en"], lang) for each in usual] + (
            [item["words"]] if item["words"] else []
        )
        found = " · ".join(part for part in (states[item["state"]], list_text(why, lang)) if part)
        lines.append(f"{item['n']}  {name_in_language(item['text'], item['text_en'], lang)}: {found}")
    return [_prose_block(escape(line)) for line in lines]


def _time_of_iso_text(text: str) -> str:
    return time_hm(datetime.fromisoformat(text))
