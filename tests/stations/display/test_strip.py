"""What the strip of a display says by itself: days with other hours, and nothing of waits longer than estimated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from queuedesk.desk.setup.calendaring import set_days
from queuedesk.i18n.queue.line_words import why_now
from tests.stations.display.conftest import Display


def said(display: Display) -> set[str]:
    """Return what two minutes of the strip say."""
    found = set()
    for _ in range(24):
        display.hall.clock.move(seconds=5)
        display.page.tick(display.hall.clock())
        found.add(display.page.view.strip.text)
    return found


@pytest.mark.parametrize("layout", ["standard", "order"])
def test_no_display_tells_customers_that_a_wait_is_longer_than_told(
    make_display: Callable[..., Display], layout: str
) -> None:
    display = make_display(slides=False, layout=layout)
    hall = display.hall
    hall.queue("A", "A", "A")
    high = hall.ticket("A003").promise.high
    assert high is not None
    hall.clock.move(minutes=high + 5)
    display.follow()

    assert "“no wait” was quoted" in why_now(display.page.controller.state, hall.ticket("A003"), hall.clock())
    texts = said(display)
    assert texts != {""}
    assert [text for text in texts for word in ("told", "longer", "quoted") if word in text] == []


def test_the_line_tells_of_special_hours_a_week_ahead(display: Display) -> None:
    row = {"kind": "special", "from": "8:30", "to": "15:00", "text": "员工培训", "text_en": "Staff training"}
    set_days(display.hall.desk, display.hall.ask(), {"2026-11-27": row, "2026-11-28": row})
    display.follow()

    (told,) = [text for text in said(display) if "Please note" in text]
    words = "Please note: Fri 27 Nov: open 8:30–15:00 only (Staff training)"
    assert told.replace("\u2060", "") == words  # the day after is more than a week away
