"""What a screen for customers says of today's hours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import must_give_tickets
from queuedesk.core.setup.file import check_setup
from queuedesk.i18n import say, use
from queuedesk.stations.models.service_words import today_text, until_text
from tests.hall import at, simple_setup

WHY = {"text": "员工培训", "text_en": "Staff training"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use("en")
    yield
    use("zh_CN")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (None, ""),
        ({"kind": "holiday", **WHY}, "Closed today: Staff training"),
        ({"kind": "holiday"}, ""),
        ({"kind": "special", "from": "8:30", "to": "15:00", **WHY}, "Today 8:30–15:00: Staff training"),
        ({"kind": "special", "from": "8:30", "to": "15:00"}, "Today 8:30–15:00"),
    ],
)
def test_what_is_different_today(row: dict | None, expected: str) -> None:
    setup = check_setup(simple_setup(calendar={"2026-11-20": row} if row else {}))

    assert today_text(setup, at("9:00")).replace("\u2060", "") == expected


def test_special_hours_end_the_tickets_and_a_refusal_says_why() -> None:
    document = simple_setup(calendar={"2026-11-20": {"kind": "special", "from": "8:30", "to": "15:00", **WHY}})
    document["services"][0].update(hours=None, last_ticket="17:00")
    setup = check_setup(document)

    assert until_text(setup, setup.services["A"], at("14:00")) == "tickets until 14:30"
    with pytest.raises(RuleError) as refused:
        must_give_tickets(setup, setup.services["A"], at("15:30"))
    assert say(refused.value, "en") == (
        "Other hours: Staff training. A takes no tickets now; it opens on 21 Nov at 8:30."
    )
