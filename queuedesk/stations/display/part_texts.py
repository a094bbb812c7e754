"""What each part of the display says: its calls, its name and way, who waits there; and an emergency."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.i18n import _, current, named
from queuedesk.stations.display import texts
from queuedesk.stations.display.controller import DisplayController
from queuedesk.stations.display.parts import Part, windows_of
from queuedesk.stations.display.shown import EmergencyText, LineTexts, PartCalls, PartText


def part_calls(controller: DisplayController, part: Part, rows: int, *, heard: bool) -> PartCalls:
    """Return the calls of a part, `rows` of them large; `heard` says whether the voice of this PC can be heard."""
    setup, now = controller.setup, controller.now()
    windows = part.windows if controller.is_by_zone else None
    large, earlier = controller.rows.split(rows, windows)
    return PartCalls(
        tuple(texts.row_text(setup, row, now, heard=heard, with_zone=not part.zone) for row in large),
        tuple(texts.earlier_text(setup, row) for row in earlier),
    )


def part_text(controller: DisplayController, part: Part, now: datetime) -> PartText:
    """Return a part's windows, and in a screen divided by zones its name, its way and who waits there."""
    setup = controller.setup
    windows = windows_of(setup, part)
    if not controller.is_by_zone:
        return PartText(windows)
    lines = lines_of(controller, controller.services_of(part), now)
    if not part.zone:
        title = _("Other windows", context="display") if len(controller.parts()) > 1 else ""
        return PartText(windows, title, lines=lines)
    spec = setup.windows[part.windows[0]]
    arrows = {texts.arrow_of(setup.windows[code]) for code in part.windows}
    arrow = arrows.pop() if len(arrows) == 1 else ""
    return PartText(windows, named(spec.zone, spec.zone_en), arrow, spec.arrow in texts.LEADS_ON, lines)


def lines_of(controller: DisplayController, services: frozenset[str], now: datetime) -> LineTexts:
    """Return who waits for these services, with the words round it."""
    lines, total = texts.line_texts(controller.state, now, services)
    title, people = _("Waiting", context="display"), _("{n}", context="people", n="").strip()
    return LineTexts(title, _("Waiting", context="display, short"), people, str(total), tuple(lines))


def emergency_text(notice: PushedNotice | None) -> EmergencyText | None:
    """Return an emergency in the language of the station, with the hall's other language below it."""
    if notice is None:
        return None
    text = named(notice.text, notice.text_en)
    second = notice.text if current() == "en" else notice.text_en
    head, calls = _("Emergency", context="display"), _("Calls go on", context="display")
    return EmergencyText(head, text, second if second != text else "", calls)
