"""Numbers that start again during the day: at a time or after the last one, and never the same number twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.overview import alerts
from queuedesk.core.setup.file import check_setup
from queuedesk.stations.kiosk.taking import trouble_of
from queuedesk.stations.models import search
from tests.hall import ADMIN, Hall, at, refused, simple_hall, simple_setup


def hall_with(folder: Path, **service: object) -> Hall:
    services = simple_setup()["services"]
    services[0] |= service
    return simple_hall(folder, services=services)


def test_at_noon_they_start_again_with_another_letter(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, again_at=["12:00"])
    assert hall.queue("A", "A") == ["A001", "A002"]
    hall.clock.now = at("11:59")
    assert hall.issue("A") == "A003"
    hall.clock.now = at("12:00")
    assert hall.queue("A", "B", "A") == ["AA001", "B001", "AA002"]
    hall.open("1", "C1")
    assert [hall.serve_out("1", minutes=1) for _ in range(5)] == ["A001", "A002", "A003", "AA001", "AA002"]
    hall.clock.move(days=1)
    hall.clock.now = hall.clock.now.replace(hour=9)
    assert hall.issue("A") == "A001"
    hall.must_follow_from_its_log()


def test_after_the_last_one_they_start_again_until_the_letters_are_used_up(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, first=1, last=3, again_last=True)
    labels = hall.queue(*"AAAAAAAA")
    assert labels == ["A001", "A002", "A003", "AA001", "AA002", "AA003", "AAA001", "AAA002"]
    found = [one.service for one in alerts(hall.whole(), hall.clock()) if one.kind == "series_ending"]
    assert found == []
    hall.issue("A")
    assert [one.service for one in alerts(hall.whole(), hall.clock()) if one.kind == "series_ending"] == ["A"]
    state = hall.whole()
    assert state.setup_now is not None
    trouble = trouble_of(state, state.setup_now.services["A"], hall.clock())
    assert trouble is not None
    assert trouble.code == "series_full"
    with refused(hall, "series_full", service="A"):
        hall.issue("A")


def test_a_day_that_ends_at_four_counts_its_times_from_there(tmp_path: Path) -> None:
    services = simple_setup()["services"]
    services[0] |= {"again_at": ["1:00"]}
    hall = simple_hall(tmp_path, services=services, settings={"day_end": "04:00"})
    assert hall.issue("A") == "A001"
    hall.clock.now = at("24:30")
    assert hall.issue("A") == "A002"
    hall.clock.now = at("25:00")
    assert hall.issue("A") == "AA001"


def test_customers_without_a_ticket_and_records_follow_the_series(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, again_at=["12:00"])
    hall.clock.now = at("13:00")
    hall.open("1", "C1")
    assert hall.do("serve", "1", "A")["ticket"] == "AA001"
    assert hall.issue("A") == "AA002"
    state = hall.whole()
    assert state.setup_now is not None
    assert search.prefixes(state.setup_now) == ("A", "AA", "B", "C")
    assert {key[1]: number for key, number in state.series.items()} == {"AA": 2}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prefix": "ABC", "again_last": True}, "services.A.again_last"),
        ({"prefix": "AB", "again_at": ["10:00", "12:00"]}, "services.A.again_at"),
        ({"prefix": "A", "again_at": ["12:00"], "other": "AA"}, "services.A.again_at"),
    ],
)
def test_letters_that_another_service_has_are_refused(change: dict[str, object], field: str) -> None:
    services = simple_setup()["services"]
    services[1]["prefix"] = change.get("other", "B")
    services[0] |= {key: value for key, value in change.items() if key != "other"}
    with pytest.raises(RuleError) as error:
        check_setup(simple_setup(services=services))
    assert (error.value.details["field"], error.value.details["why"]) == (field, "series_again")


def test_a_change_of_the_times_counts_from_the_next_ticket(tmp_path: Path) -> None:
    hall = hall_with(tmp_path)
    hall.issue("A")
    hall.do("set-row", "services", "A", {"again_at": ["9:00"]}, who=ADMIN)
    assert hall.queue("A", "A") == ["AA001", "AA002"]
    hall.do("set-row", "services", "A", {"again_at": []}, who=ADMIN)
    assert hall.issue("A") == "A002"
