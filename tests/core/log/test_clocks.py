"""What is told of a clock that is wrong: by how much it surely is, whatever way the question took."""

from datetime import UTC, datetime, timedelta

import pytest

from queuedesk.core.log.state import skew_cause, skew_of

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("ahead", "way", "sure"),
    [(0, 0, 0), (7, 0, 7), (-7, 0, -7), (0, 10, 0), (7, 10, 2), (-7, 10, -2), (4, 10, 0)],
)
def test_a_slow_network_makes_no_clock_wrong(ahead: float, way: float, sure: float) -> None:
    """The answer took so long, half of it there and half of it back."""
    asked, answered = NINE + minutes(ahead), NINE + minutes(ahead + way)
    assert skew_of(asked, NINE + minutes(way / 2), answered) == minutes(sure)


def test_two_minutes_are_told_and_again_only_what_is_another_amount() -> None:
    assert [skew_cause(minutes(skew), None) for skew in (1.9, 2, -7.4)] == [None, "ahead 2", "behind 7"]
    known = {9: "ahead 7", 12: "ahead 12", 3: "ahead 3", -7: "behind 7", 0: None}
    assert {skew: skew_cause(minutes(skew), "ahead 7") for skew in known} == known
    assert skew_cause(minutes(7), "stopped") == "ahead 7"
