"""Whether a service gives a ticket now, and what it is told by."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.offers import LimitedServiceCounts, service_ticket_offer_to_customer
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Setup
from tests.hall import simple_setup

FRIDAY = date(2026, 11, 20)


def moment(text: str) -> datetime:
    """Return hall time (Shanghai) as the desk hands it on."""
    return datetime.fromisoformat(f"2026-11-20 {text}+08:00").astimezone(UTC)


def setup(**fields: Any) -> Setup:
    """Return services A (with `fields`), B and C of one group, open on weekdays to 17:30, tickets to 17:00."""
    document = simple_setup()
    hours = [{"days": "1-5", "from": "8:30", "to": "12:00"}, {"days": "1-5", "from": "14:00", "to": "17:30"}]
    for row in document["services"]:
        row.update(group="G", hours=hours, last_ticket="17:00")
    document["services"][0].update(fields)
    return check_and_read_setup(document)


def offered(hall: Setup, time: str = "10:00", *, given: int = 0, waiting: int = 0, code: str = "A") -> Any:
    load = LimitedServiceCounts(given=given, waiting=waiting)
    return service_ticket_offer_to_customer(
        hall, hall.service_by_code(code), moment(time), FRIDAY, lambda _service: load
    )


def test_an_open_service_gives_tickets_until_its_end_and_what_has_no_limit_is_not_counted() -> None:
    for time, until in (("10:00", "12:00"), ("15:00", "17:00")):
        found = offered(setup(), time)
        assert (found.gives_ticket, found.refusal(), found.left, found.until) == (True, None, None, until)
        found.require_ticket_given()

    def count(_service: object) -> LimitedServiceCounts:
        raise AssertionError

    hall = setup()
    assert service_ticket_offer_to_customer(
        hall, hall.service_by_code("A"), moment("10:00"), FRIDAY, count
    ).gives_ticket


def test_hours_come_before_limits() -> None:
    reasons = [offered(setup(quota=1), time, given=1).reason for time in ("08:00", "13:00", "17:00")]
    assert reasons == ["service_closed", "service_closed", "last_ticket"]


def test_a_used_up_quota_names_the_next_opening_of_another_day() -> None:
    document = setup(quota=3, group="")
    found = offered(document, given=3)
    assert (found.reason, found.details["n"]) == ("quota_full", 3)
    assert (found.details["opens"], found.details["date"]) == ("8:30", date(2026, 11, 23))
    with pytest.raises(RuleError, match="quota_full"):
        found.require_ticket_given()


def test_a_full_line_names_another_service_of_the_group_only_where_it_gives_tickets() -> None:
    found = offered(setup(line_limit=5), waiting=5)
    assert (found.reason, found.details["n"], found.details["other"]) == ("line_full", 5, "B")
    document = simple_setup()
    for row in document["services"]:
        row.update(group="G", line_limit=2)
    document["services"][2]["message"] = "Upstairs"
    found = offered(check_and_read_setup(document), waiting=2)
    assert found.reason == "line_full"
    assert "other" not in found.details
