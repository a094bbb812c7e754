"""The best time to come, on paper: when the days of a week are quiet or busy, for the wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.arrival_forecast import BUSY, QUIET, Span
from queuedesk.i18n import date_short, named, tr
from queuedesk.i18n.moments import weekday_long
from queuedesk.i18n.staffing.staffing_words import quiet_text
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.head_and_foot import head, plain_footer
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import INK, INK2, LEFT, PAPER, PRIMARY, RIGHT, WHITE, Block, Sheet
from queuedesk.reports.draw.prose import Prose

WIDTH = RIGHT - LEFT
ROW, BAR, NAME = 78.0, 24.0, 104.0
DAY, TIMES, MARK = 17.0, 13.0, 9.0


def quiet_pdf(setup: Setup, week: Mapping[date, Sequence[Span]], lang: str, local_now: datetime) -> bytes:
    """Return the poster as a PDF in `lang`. It holds times alone, no figure of the hall."""
    hall = named(setup.hall.name, setup.hall.name_en, lang)
    title = tr(lang, "The best time to come")
    first, last = min(week, default=local_now.date()), max(week, default=local_now.date())
    span = f"{date_short(first, lang)} – {date_short(last, lang)}"
    sheet = Sheet(f"{hall} · {title} · {span}", hall, lang)
    blocks = [head(hall, title, span, ())]
    if week:
        blocks.append(
            _said(
                tr(lang, "Fewest people come in the green hours. You can take a ticket whenever the hall is open."), 12
            )
        )
        since = min(one.start_min for spans in week.values() for one in spans)
        until = max(one.end_min for spans in week.values() for one in spans)
        blocks += [_day(day, spans, (since, until), lang) for day, spans in week.items()]
        said = tr(lang, "Based on past days; any single day can differ.")
    else:
        said = tr(lang, "No forecast yet: it needs three earlier days with customers.")
    blocks.append(_said(said, 9.4))
    return sheet.flow(blocks, plain_footer(local_now, lang, None))


def _said(text: str, px: float) -> Block:
    return Prose(escape(text), px, WIDTH, colour=INK2, leading=1.4).block(gap=18)


def _day(day: date, spans: Sequence[Span], axis: tuple[int, int], lang: str) -> Block:
    """Return a row: the day, its hours as a bar with quiet ones green and busy ones dark, and the quiet times."""
    since, until = axis
    left = LEFT + NAME
    words = {QUIET: tr(lang, "quiet"), BUSY: tr(lang, "busy")}
    fills = {QUIET: PRIMARY, BUSY: INK2}

    def draw(sheet: Sheet, y: float) -> None:
        def x(minute: int) -> float:
            return left + (RIGHT - left) * (minute - since) / max(1, until - since)

        sheet.text(LEFT, y + 22, weekday_long(day, lang), DAY, bold=True)
        sheet.text(LEFT, y + 38, date_short(day, lang), 10, colour=INK2)
        for one in spans:
            width = x(one.end_min) - x(one.start_min)
            sheet.boxes([(x(one.start_min) + 0.5, y + 4, width - 1, BAR)], fill=fills.get(one.level, PAPER))
            word = words.get(one.level, "")
            if word and fonts.width(word, MARK) + 4 < width:
                middle = x(one.start_min) + (width - fonts.width(word, MARK)) / 2
                sheet.text(middle, y + 4 + BAR / 2 + 3.2, word, MARK, colour=WHITE)
        for hour in range((since + 59) // 60, until // 60 + 1):
            sheet.text(x(hour * 60), y + BAR + 13, str(hour), 7.5, colour=INK2, at="middle")
        quiet = any(one.level == QUIET for one in spans)
        sheet.text(left, y + BAR + 32, quiet_text(spans, lang), TIMES, bold=quiet, colour=PRIMARY if quiet else INK2)
        sheet.line([(LEFT, y + ROW - 8), (RIGHT, y + ROW - 8)], width=0.5, colour=INK)

    return Block(ROW, draw, keep=True)
