"""Who reads whose sheet, and what the scheme takes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER, Actor, Role, station
from queuedesk.desk import looking, reading
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.setup import setting_up
from queuedesk.features.staff.verbs import month_sheets, scheme_document, scheme_now, sheet_document, unnamed_events
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, MANAGER, make_hall
from tests.reports.days import eventful

MONTH = date(2026, 11, 1)
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
C1, C3 = Actor("C1", Role.CLERK), Actor("C3", Role.CLERK)


@pytest.fixture
def desk(tmp_path) -> Desk:
    return eventful(tmp_path)


def told(desk: Desk, who: Actor, staff: str) -> dict[str, Any]:
    return sheet_document(looking.setup_of(desk), month_sheets(desk, who, MONTH, NOW, staff=staff), staff)


def test_a_clerk_reads_the_own_sheet_without_anybody_elses_figure(desk: Desk):
    own, whole = told(desk, C1, "C1"), told(desk, MANAGER, "C1")

    assert {item["code"]: sorted(item) for item in own["items"]} == {
        item["code"]: sorted(
            {*item}
            - {"hall", "hall_n", "difference"}
            - ({"rows", "apart"} if item["code"] == "satisfaction" else set())
        )
        for item in whole["items"]
    }
    # A rating alone would tell whose it is.
    assert own["ratings"] < 5
    assert own["items"][0]["value"] is None and own["items"][0]["why"] == "few_ratings"
    assert whole["items"][0]["value"] is not None


@ON_BOTH_ENGINES
@pytest.mark.parametrize(("who", "staff"), [(C1, "C3"), (C1, ""), (Actor("G1", Role.GUIDE), "C1")])
def test_anybody_elses_is_refused_and_noted(desk: Desk, who: Actor, staff: str):
    with pytest.raises(RuleError) as refused:
        month_sheets(desk, who, MONTH, NOW, staff=staff)

    assert refused.value.code == "not_for_you"
    assert [one.actor for one in reading.refusals(desk)] == [who.name]


def test_who_may_be_anybody_reads_no_sheet(desk: Desk):
    with pytest.raises(RuleError) as refused:
        month_sheets(desk, Actor("C1", Role.CLERK, unproven=True), MONTH, NOW, staff="C1")

    assert refused.value.code == "pin_needed"


def test_somebody_without_any_work_has_an_empty_sheet(desk: Desk):
    found = told(desk, MANAGER, "C6")

    assert found["total"] is None and found["verdict"] is None
    assert all(item["value"] is None and item["why"] for item in found["items"])
    with pytest.raises(RuleError) as refused:
        told(desk, MANAGER, "nobody")
    assert refused.value.code == "unknown_staff"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"satisfaction": {"weight": 43}}, "weights_left"),
        ({"satisfaction": {"weight": -1}}, "bad_value"),
        ({"satisfaction": {"weight": 40, "from": 90, "full": 90}}, "bad_value"),
        ({"satisfaction": {"weight": 40, "to": 3}}, "bad_value"),
        ({"praise": "101"}, "bad_value"),
        ({"deposit_full": 0}, "bad_value"),
        ({"papers": {"weight": 0}}, "bad_value"),
    ],
)
def test_a_scheme_that_does_not_fit_is_refused(desk: Desk, row: dict[str, Any], code: str):
    with pytest.raises(RuleError) as refused:
        setting_up.change_part(desk, Ask(ADMIN, NOW), "scheme", row)

    assert refused.value.code == code
    assert scheme_now(desk, NOW).number == 1


def test_a_scheme_that_was_set_is_the_next_one(desk: Desk):
    row = {"satisfaction": {"weight": 50, "from": "85.5", "full": 99}, "order": {"weight": 5}, "deposit": 500}
    setting_up.change_part(desk, Ask(ADMIN, NOW), "scheme", row)
    found = scheme_document(scheme_now(desk, NOW))

    assert (found["scheme"], found["since"], found["deposit"]) == (2, "2026-11-20", 500)
    assert found["items"][0] == {"code": "satisfaction", "weight": 50, "from": "85.5", "full": 99}
    assert found["items"][2] == {"code": "order", "weight": 5, "from": 3, "full": 0}


def test_what_nobody_signed_for_is_listed(tmp_path):
    hall = make_hall(tmp_path)
    before = len(unnamed_events(hall.desk, MANAGER, hall.date, hall.clock()))
    hall.do("issue", "A", who=station("kiosk"))
    hall.do("open", "1", staff="C1", who=C1)
    assert len(unnamed_events(hall.desk, MANAGER, hall.date, hall.clock())) == before
    hall.do("call", "1")

    assert unnamed_events(hall.desk, MANAGER, hall.date, hall.clock())[-1]["kind"] == "call"
    assert month_sheets(hall.desk, MANAGER, hall.date, hall.clock()).unnamed == before + 1
    with pytest.raises(RuleError, match="not_for_you"):
        unnamed_events(hall.desk, C1, hall.date, hall.clock())


def test_the_own_ratings_of_today_are_told_from_tomorrow_on(tmp_path):
    hall = make_hall(tmp_path)
    hall.open("1", "C1")
    for label in hall.queue(*"AAAAA"):
        hall.serve_out("1")
        hall.do("rate", label, 5, who=CUSTOMER)

    def rated(who: Actor) -> int:
        found = month_sheets(hall.desk, who, hall.date, hall.clock(), staff="C1")
        return found.team.sheets["C1"].item("satisfaction").of

    assert (rated(C1), rated(MANAGER)) == (0, 5)
    hall.clock.move(days=1)
    assert rated(C1) == 5


@ON_BOTH_ENGINES
def test_the_own_share_moves_in_fives_until_the_month_is_over(tmp_path):
    hall = make_hall(tmp_path)
    hall.open("1", "C1")
    month = hall.date

    def told(who: Actor = C1) -> tuple[int, int, int]:
        found = month_sheets(hall.desk, who, month, hall.clock(), staff="C1").team.sheets["C1"]
        item = found.item("satisfaction")
        return item.n, item.of, found.ratings

    def rated(*levels: int) -> None:
        for level in levels:
            (label,) = hall.queue("A")
            hall.serve_out("1")
            hall.do("rate", label, level, who=CUSTOMER)
        hall.clock.move(days=1)
        hall.open("1", "C1")

    rated(5, 5, 5, 5, 5, 1)
    assert (told(), told(MANAGER)) == ((5, 5, 5), (5, 6, 6))
    rated(1, 1, 5)  # whichever of the nine was low, the own sheet says the same
    assert told() == (5, 5, 5)
    rated(5)
    assert told() == (7, 10, 10)
    rated(1)
    assert told() == (7, 10, 10)
    hall.clock.move(days=30)
    assert told() == told(MANAGER) == (7, 11, 11)
