"""What a screen for customers says of today's hours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import gives_until
from queuedesk.core.setup.file import check_setup
from queuedesk.i18n import say, use
from queuedesk.stations.models.service_words import near_days_texts, until_text
from tests.hall import at, simple_setup

WHY = {"text": "员工培训", "text_en": "Staff training"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use("en")
    yield
    use("zh_CN")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, []),
        ({20: {"kind": "holiday", **WHY}}, ["Closed today: Staff training"]),
        ({20: {"kind": "holiday"}, 21: {"kind": "holiday"}}, ["Closed today", "Closed tomorrow"]),
        ({20: {"kind": "special", "from": "8:30", "to": "15:00", **WHY}}, ["Closes at 15:00 today: Staff training"]),
        ({21: {"kind": "special", "from": "10:00", "to": "15:00"}}, ["Open 10:00–15:00 tomorrow"]),
        ({21: {"kind": "working"}}, ["Make-up working day tomorrow, 8:30–17:30"]),
        ({22: {"kind": "holiday"}}, []),
    ],
)
def test_what_is_different_today_and_tomorrow(days: dict[int, dict], expected: list[str]) -> None:
    document = simple_setup(calendar={f"2026-11-{day}": row for day, row in days.items()})
    for service in document["services"]:
        service.update(hours=None)
    setup = check_setup(document)

    assert [text.replace("\u2060", "") for text in near_days_texts(setup, at("9:00"))] == expected


def test_special_hours_end_the_tickets_and_a_refusal_says_why() -> None:
    document = simple_setup(calendar={"2026-11-20": {"kind": "special", "from": "8:30", "to": "15:00", **WHY}})
    document["services"][0].update(hours=None, last_ticket="17:00")
    setup = check_setup(document)

    assert until_text(setup, setup.services["A"], at("14:00")) == "tickets until 14:30"
    with pytest.raises(RuleError) as refused:
        gives_until(setup, setup.services["A"], at("15:30"))
    assert say(refused.value, "en") == (
        "Other hours: Staff training. A takes no tickets now; it opens on 21 Nov at 8:30."
    )
