"""What a statistician would seed: each is told rightly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from queuedesk import i18n
from queuedesk.core.figures.halls import (
    ABOVE,
    AFTER_BEST,
    AFTER_WORST,
    BELOW,
    FEW,
    INSIDE,
    ONE_DAY,
    TOO_FEW,
    UNLIKE,
    Counts,
    HallCounts,
    HallsCompared,
    compare_halls,
)
from queuedesk.features.halls.words.compared import mix_line, remark, spoken

FIRST = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def in_english() -> None:
    i18n.use("en")


def hall(code: str, services: Mapping[str, Counts], *, days: int = 1, earlier: tuple[Counts, ...] = ()) -> HallCounts:
    """Return a hall whose ratings are spread evenly over `days`."""
    spread = {
        FIRST + timedelta(days=n): {
            key: (good * (n + 1) // days - good * n // days, bad * (n + 1) // days - bad * n // days)
            for key, (good, bad) in services.items()
        }
        for n in range(days)
    }
    return HallCounts(code=code, name=code, name_en=code, days=spread, earlier=earlier)


def verdicts(found: HallsCompared) -> dict[str, str]:
    return {one.code: one.verdict for one in found.halls}


def told(found: HallsCompared, code: str) -> list[str]:
    return [one.kind for one in found.remarks if one.code == code]


# New connections are hard (80 %), paying is easy (98 %); Hard has mostly new connections and is better at both.
SIMPSON = [
    hall("Hard", {"N": (1640, 360), "P": (396, 4)}),
    hall("Easy", {"N": (312, 88), "P": (1944, 56)}),
]


def test_simpsons_paradox_is_turned_round_like_for_like():
    found = compare_halls(SIMPSON)
    hard, easy = found.hall("Hard"), found.hall("Easy")

    assert hard and easy and hard.alike and easy.alike and hard.found.rate and easy.found.rate
    assert hard.found.rate < easy.found.rate
    assert hard.alike > easy.alike
    assert (hard.counted_as, easy.counted_as) == (BELOW, ABOVE)
    assert (hard.verdict, easy.verdict) == (INSIDE, INSIDE)
    assert found.moved == ("Easy", "Hard")
    assert mix_line(found).startswith("By the raw counts, 2 of 2 halls would be elsewhere")


def test_twelve_ratings_at_100_percent_are_no_best_hall():
    usual = [hall(f"H{n}", {"A": (950, 50)}, days=20) for n in range(4)]
    found = compare_halls([*usual, hall("Tiny", {"A": (12, 0)})])
    tiny = found.hall("Tiny")

    assert tiny and (tiny.verdict, tiny.alike, told(found, "Tiny")) == (TOO_FEW, None, [FEW])
    assert "Tiny" not in [one.code for one in found.compared]
    heading, line = remark(found, found.remarks[0])
    assert heading == "Tiny: 12 ratings are too few"
    assert "75.8 % to 100.0 %" in line


YEAR: tuple[Counts, ...] = ((940, 60), (955, 45), (945, 55), (950, 50), (948, 52))


def test_what_follows_a_bad_or_a_best_month_is_chance_coming_back():
    worst, best = ((880, 120), *YEAR), ((985, 15), *YEAR)
    found = compare_halls(
        [
            hall("Recovered", {"A": (945, 55)}, earlier=worst),
            hall("Fallen", {"A": (946, 54)}, earlier=best),
            hall("Steady", {"A": (950, 50)}, earlier=YEAR),
        ]
    )

    assert told(found, "Recovered") == [AFTER_WORST]
    assert told(found, "Fallen") == [AFTER_BEST]
    assert told(found, "Steady") == []
    assert set(verdicts(found).values()) == {INSIDE}
    said = {one.code: remark(found, one) for one in found.remarks}
    assert said["Recovered"][0] == "Recovered rose 6.5 points after its worst time"
    assert "It proves no mending. Against its own earlier times: can't tell." in said["Recovered"][1]
    assert said["Fallen"][0] == "Fallen fell 3.9 points after its best time"


def test_a_change_that_chance_explains_is_no_change():
    found = compare_halls([hall("A", {"A": (40, 4)}, earlier=((44, 1), *YEAR)), hall("B", {"A": (950, 50)})])

    assert found.remarks == ()


def test_one_extraordinary_day_is_named_with_the_month_without_it():
    usual = [hall(f"H{n}", {"A": (1900, 100)}, days=20) for n in range(4)]
    storm = hall("Storm", {"A": (950, 50)}, days=20)
    day = FIRST + timedelta(days=3)
    storm = HallCounts(code="Storm", name="Storm", name_en="Storm", days={**storm.days, day: {"A": (10, 60)}})
    found = compare_halls([*usual, storm])
    one = next(one for one in found.remarks if one.code == "Storm")

    assert (one.kind, one.day, one.rest_verdict) == (ONE_DAY, day, INSIDE)
    assert verdicts(found)["Storm"] == BELOW
    assert [each.code for each in found.remarks] == ["Storm"]
    heading, line = remark(found, one)
    assert heading == "Storm: one extraordinary day, 5 Nov"
    assert line.endswith("Without it the hall is inside: look at that day first.")


def test_what_lies_beyond_chance_is_told_and_nothing_else_is_ranked():
    halls = [hall(f"H{n}", {"A": (950 + n, 50 - n)}, days=20) for n in range(8)]
    found = compare_halls([*halls, hall("Bad", {"A": (880, 120)}), hall("Good", {"A": (1000, 0)})])

    assert [one.code for one in found.beyond] == ["Bad", "Good"]
    assert [one.code for one in found.halls] == sorted(one.code for one in found.halls)
    bad = found.hall("Bad")
    assert bad is not None
    assert spoken(bad) == "Bad, 1,000 ratings, 88.0, below"


def test_a_hall_of_other_services_stands_alone_and_regions_are_pooled():
    found = compare_halls(
        [
            hall("A", {"A": (90, 10)}),
            hall("B", {"A": (180, 20)}),
            hall("X", {"X": (50, 50)}),
        ]
    )

    assert verdicts(found) == {"A": INSIDE, "B": INSIDE, "X": UNLIKE}
    (region,) = found.groups("region")
    assert (region.name, region.found.n, region.found.rate) == ("", 400, 0.8)
