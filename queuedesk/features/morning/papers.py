"""The morning on paper: the briefing with who has read it, how the hall was signed open and closed, who was there."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from queuedesk.core.quality.inspection import CLOSING, OPENING
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document
from queuedesk.features.morning.verbs import attendance_of, briefing_of, opening_of
from queuedesk.features.morning.words import here_words
from queuedesk.files.writing import write_file
from queuedesk.i18n import day_report, listing, named, time_hm, tr
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.inspection_words import versioned
from queuedesk.reports.draw.head_and_foot import plain_footer
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, RIGHT, Block, Prose, Sheet, escape

WIDTH = RIGHT - LEFT
TITLE, HEAD, BODY = 22.0, 13.0, 11.0


def write(
    desk: Desk, day: date | None, path: str | Path, *, lang: str, now: datetime, printed_by: str | None = None
) -> Path:
    """Write a date's morning, else today's, as a PDF. Raises OutsideError "cannot_write"."""
    setup = looking.setup_of(desk)
    told = briefing_of(desk, day, now)
    opened, there = opening_of(desk, day, now), attendance_of(desk, day, now)
    rostered = bool(setup.roster)
    hall, title = named(setup.hall.name, setup.hall.name_en, lang), tr(lang, "The morning")
    sheet = Sheet(f"{hall} · {title} · {told['date']}", hall, lang)
    blocks = [
        _text(f"<b>{escape(title)}</b>", TITLE),
        _text(f"{escape(hall)} · {day_report(date.fromisoformat(told['date']), lang)}", BODY, colour=INK2),
        *_briefing(setup, told["briefing"], lang),
        _head(tr(lang, "Opening and closing")),
        *_signed(setup, OPENING, opened[OPENING], lang),
        *_signed(setup, CLOSING, opened[CLOSING], lang),
        _head(tr(lang, "Who is there")),
        *(
            _text(
                f"{escape(staff_name(setup, one['staff'], lang))}  {escape(here_words(one, lang, rostered=rostered))}"
            )
            for one in there["attendance"]
        ),
    ]
    target = Path(path)
    write_file(target, sheet.flow(blocks, plain_footer(setup.local(now), lang, printed_by)))
    return target


def _text(markup: str, size: float = BODY, *, colour: str = INK) -> Block:
    return Prose(markup, size, WIDTH, colour=colour).block(gap=4)


def _head(text: str) -> Block:
    return Prose(f"<b>{escape(text)}</b>", HEAD, WIDTH).block(gap=16)


def _briefing(setup: Setup, one: Document | None, lang: str) -> list[Block]:
    head = _head(tr(lang, "Briefing", context="event"))
    if one is None:
        return [head, _text(escape(tr(lang, "No briefing.")))]
    words = {"n": one["version"], "time": _time(one["at"]), "name": staff_name(setup, one["by"], lang)}
    in_english = one["points_en"] or [""] * len(one["points"])
    points = [named(text, text_en, lang) for text, text_en in zip(one["points"], in_english, strict=False)]
    read = [f"{staff_name(setup, each['staff'], lang)} {_time(each['at'])}" for each in one["read"]]
    unread = [staff_name(setup, code, lang) for code in one["unread"]]
    lines = [tr(lang, "Version {n}, {time}, {name}", **words), *(f"• {point}" for point in points)]
    lines += [tr(lang, "Read by {people}", people=listing(read, lang))] if read else []
    lines += [tr(lang, "Not yet by {people}", people=listing(unread, lang))] if unread else []
    return [head, *(_text(escape(line)) for line in lines)]


def _signed(setup: Setup, what: str, one: Document | None, lang: str) -> list[Block]:
    is_opening = what == OPENING
    if one is None:
        if is_opening:
            return [_text(escape(tr(lang, "Nobody has signed for the opening yet.")))]
        return [_text(escape(tr(lang, "Nobody has signed for the closing yet.")))]
    words = {"time": _time(one["at"]), "name": staff_name(setup, one["by"], lang)}
    if is_opening:
        signed = tr(lang, "Open, signed {time} by {name}", **words)
    else:
        signed = tr(lang, "Closed, signed {time} by {name}", **words)
    parts = [versioned(named(one["name"], one["name_en"], lang), one["version"], lang)]
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
        why = [named(each["text"], each["text_en"], lang) for each in usual] + (
            [item["words"]] if item["words"] else []
        )
        found = " · ".join(part for part in (states[item["state"]], listing(why, lang)) if part)
        lines.append(f"{item['n']}  {named(item['text'], item['text_en'], lang)}: {found}")
    return [_text(escape(line)) for line in lines]


def _time(text: str) -> str:
    return time_hm(datetime.fromisoformat(text))
