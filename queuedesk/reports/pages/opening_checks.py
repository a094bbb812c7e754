"""What was checked before the hall opened, and windows that opened without: lines under a day's equipment."""

from __future__ import annotations

from xml.sax.saxutils import escape

from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.i18n import names, time_hm, tr
from queuedesk.i18n.queue.reasons import reason_words
from queuedesk.i18n.talk.check_words import checked_name, found_words, missing_names
from queuedesk.reports.draw.grids import WIDTH, heading, together
from queuedesk.reports.draw.pdf import INK2, Block
from queuedesk.reports.draw.prose import Prose
from queuedesk.reports.figures.figures import DayRead

SIZE = 8.4


def opening_checks(read: DayRead, lang: str) -> list[Block]:
    """Return the checks of the date and the waivers with their reasons; nothing where there was neither."""
    if not read.checks and not read.waivers:
        return []
    passed = [_named(read, one, lang) for one in read.checks if one.passed]
    lines = [tr(lang, "Works: {devices}", devices=_joined(passed, lang))] if passed else []
    lines += [_failed(read, one, lang) for one in read.checks if not one.passed]
    lines += [_waived(read, one, lang) for one in read.waivers]
    blocks = [Prose(escape(line), SIZE, WIDTH, colour=INK2, leading=1.5).block(gap=1) for line in lines]
    return together([heading(tr(lang, "Checks at opening")), *blocks])


def _named(read: DayRead, one: Check, lang: str) -> str:
    by = names.staff_name(read.setup, one.by, lang)
    name = checked_name(one.device, one.station, lang)
    return tr(lang, "{device} ({time}, {name})", device=name, time=_time(read, one), name=by)


def _failed(read: DayRead, one: Check, lang: str) -> str:
    return tr(
        lang, "Does not work: {device}, {cause}", device=_named(read, one, lang), cause=found_words(one.cause, lang)
    )


def _waived(read: DayRead, one: Waiver, lang: str) -> str:
    return tr(
        lang,
        "Window {window} opened at {time} by {name} without {devices}: {reason}",
        window=one.window,
        time=_time(read, one),
        name=names.staff_name(read.setup, one.by, lang),
        devices=missing_names(one.missing, lang),
        reason=reason_words(one.reason, lang),
    )


def _time(read: DayRead, one: Check | Waiver) -> str:
    return time_hm(read.setup.local(one.time))


def _joined(parts: list[str], lang: str) -> str:
    return tr(lang, "; ", context="clauses").join(parts)
