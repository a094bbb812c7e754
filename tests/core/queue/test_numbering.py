"""Numbers: three digits, four after 999, and an end."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue import hallday
from queuedesk.core.setup.rows import Service


def service(first: int = 1, last: int = 999) -> Service:
    return Service(code="A", name="A", prefix="A", first=first, last=last)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "A001"), (17, "A017"), (999, "A999"), (1000, "A1000"), (9999, "A9999"), (0, "A000")]
)
def test_a_label_and_back(number: int, text: str) -> None:
    assert hallday.label("A", number) == text
    assert hallday.parts(text) == ("A", number)


@pytest.mark.parametrize("text", ["", "A", "017", "12"])
def test_what_is_no_label(text: str) -> None:
    assert hallday.parts(text) is None


@pytest.mark.parametrize(
    ("first", "last", "given", "following"),
    [
        (1, 999, None, 1),
        (1, 999, 1, 2),
        (200, 299, None, 200),
        (200, 299, 250, 251),
        (200, 299, 7, 200),
        (1, 9999, 999, 1000),
    ],
)
def test_the_next_number(first: int, last: int, given: int | None, following: int) -> None:
    assert hallday.next_number(service(first, last), given) == following


@pytest.mark.parametrize("given", [299, 300])
def test_a_used_up_range_is_refused(given: int) -> None:
    with pytest.raises(RuleError) as refused:
        hallday.next_number(service(200, 299), given)

    assert (refused.value.code, refused.value.details) == ("series_full", {"service": "A", "last": 299})


@pytest.mark.parametrize(
    ("first", "last", "given", "nearly"),
    [(1, 100, 89, False), (1, 100, 90, True), (201, 300, 289, False), (201, 300, 290, True), (1, 1, 1, True)],
)
def test_a_series_ends_at_nine_tenths(first: int, last: int, given: int, nearly: bool) -> None:
    assert hallday.nearly_full(service(first, last), given) is nearly
