"""The targets of each hall on a page of its own, with who answers for them and room to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queuedesk.core.figures.targets import MEASURES, Target, stood
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import date_long, listing, named, tr
from queuedesk.i18n.figures.target_words import goal_figure, goal_text, measure_meaning, measure_word
from queuedesk.i18n.names import report_owner, staff_name
from queuedesk.i18n.numerals import UNKNOWN
from queuedesk.reports.draw.grids import line
from queuedesk.reports.draw.head_and_foot import head, plain_footer
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, RIGHT, Block, Chapter, Sheet
from queuedesk.reports.draw.prose import Prose

WIDTH = RIGHT - LEFT
BODY, SMALL, SIGNED, APART = 12.0, 9.0, 46.0, 24.0


def targets_pdf(setups: Sequence[Setup], day: date, now: datetime, lang: str, printed_by: str | None = None) -> bytes:
    """Return the sheets of the halls as a PDF, a page each, with the targets that stand on `day`; `printed_by` is one
    of the first hall's people."""
    lead = setups[0]
    author = named(lead.hall.name, lead.hall.name_en, lang)
    title = tr(lang, "Targets to sign", context="paper")
    sheet = Sheet(f"{title} · {date_long(day, lang)}", author, lang)
    blocks = [block for setup in setups for block in _page(setup, day, lang, title)]
    name = staff_name(lead, printed_by, lang) if printed_by else None
    return sheet.flow(blocks, plain_footer(lead.local(now), lang, name))


def _page(setup: Setup, day: date, lang: str, title: str) -> list[Block]:
    hall = setup.hall
    place = listing([one for one in (hall.region, hall.district) if one], lang)
    whole = head(named(hall.name, hall.name_en, lang), title, date_long(day, lang), [place] if place else [])
    owner = report_owner(setup, lang) or UNKNOWN
    blocks = [Chapter(whole).start(), _words(tr(lang, "Responsible: {name}", context="paper", name=owner), gap=14)]
    known = [one for one in (stood(setup.targets, setup.targets, measure, day) for measure in MEASURES) if one]
    blocks += [_target(one, lang) for one in known]
    if not known:
        blocks.append(_words(tr(lang, "This hall has no targets yet: Set-up, Targets."), gap=14))
    how = tr(
        lang,
        "A share of those who answered is met only where its whole 95 % interval lies at the target or above; the others count everybody.",
    )
    blocks.append(line(escape(how)))
    blocks.append(_signed(tr(lang, "For the hall: {name}", name=owner), lang))
    blocks.append(_signed(tr(lang, "For the level above"), lang))
    return blocks


def _target(one: Target, lang: str) -> Block:
    """Return a target with what it means below it."""
    goal = goal_text(one.measure, goal_figure(one.measure, one.figure), lang)
    since = tr(lang, "since {date}", context="target", date=date_long(one.since, lang)) if one.since else ""
    meaning = Prose(
        escape("; ".join(text for text in (measure_meaning(one.measure, lang), since) if text)), SMALL, WIDTH
    )

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + BODY, measure_word(one.measure, lang), BODY, bold=True)
        sheet.text(RIGHT, y + BODY, goal, BODY, bold=True, at="right")
        meaning.draw(sheet, LEFT, y + BODY + 5)
        sheet.line([(LEFT, y + BODY + meaning.height + 11), (RIGHT, y + BODY + meaning.height + 11)], colour=INK2)

    return Block(BODY + meaning.height + 12, draw, gap=10)


def _words(text: str, *, gap: float) -> Block:
    return Prose(f"<b>{escape(text)}</b>", BODY, WIDTH).block(gap=gap)


def _signed(word: str, lang: str) -> Block:
    """Return room for a name and a date."""
    middle = LEFT + WIDTH * 0.66

    def draw(sheet: Sheet, y: float) -> None:
        for left, right, under in ((LEFT, middle - APART, word), (middle, RIGHT, tr(lang, "Date, signature"))):
            sheet.line([(left, y + SIGNED), (right, y + SIGNED)], colour=INK)
            sheet.text(left, y + SIGNED + SMALL + 4, under, SMALL, colour=INK2)

    return Block(SIGNED + SMALL + 6, draw, gap=22)
