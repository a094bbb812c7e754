"""Yearly indicators: against the year before, missing ones missing, an overall without weights in doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest

from queuedesk.features.indicators.rules.reported import (
    Indicator,
    checked,
    compared,
    courses,
    doubts,
    indicator,
    lacking,
    last_reported,
    removed,
)


def one(
    year: int, name: str, score: str | None, change: str | None = None, *, top: str = "100", weight: str | None = None
):
    figures = [None if text is None else Decimal(text) for text in (score, change, weight)]
    return Indicator(year=year, name=name, top=Decimal(top), score=figures[0], change=figures[1], weight=figures[2])


def test_the_year_before_is_what_was_reported_then_else_what_the_change_implies():
    rows = compared(
        [one(2013, "hall service", "85", "3"), one(2013, "hotline", "82", "7"), one(2012, "hotline", "75.5")]
    )

    assert [(r.indicator.year, r.indicator.name, r.before, r.change) for r in rows] == [
        (2012, "hotline", None, None),
        (2013, "hall service", Decimal(82), Decimal(3)),
        (2013, "hotline", Decimal("75.5"), Decimal("6.5")),
    ]
    assert [(d.kind, d.names) for d in doubts(rows)] == [("change_differs", ("hotline",))]


def test_what_is_missing_stays_missing():
    (row,) = compared([one(2013, "communication", None, "4")])

    assert (row.before, row.change) == (None, None)
    assert [(d.kind, d.year, d.names) for d in doubts([row])] == [("not_reported", 2013, ("communication",))]


@pytest.mark.parametrize(("weight", "kinds"), [(None, ["overall_unweighted"]), ("0.5", [])])
def test_an_overall_without_weights_is_in_doubt(weight, kinds):
    rows = compared(
        [one(2013, "a", "90", weight=weight), one(2013, "b", "80", weight=weight), one(2013, "Overall", "86")]
    )

    assert [d.kind for d in doubts(rows)] == kinds


def test_another_scale_is_not_compared():
    rows = compared([one(2012, "a", "4", top="5"), one(2013, "a", "90")])

    assert (rows[1].before, rows[1].change) == (None, None)


@pytest.mark.parametrize(("score", "top"), [("101", "100"), ("-1", "100"), ("1", "0")])
def test_a_score_off_its_scale_is_refused(score, top):
    with pytest.raises(ValueError):
        checked(one(2013, "a", score, top=top))


def test_it_is_kept_without_fractions_and_read_back():
    found = one(2013, "a", "85.50", "-3", weight="0.125")

    assert found.document() == {
        "year": 2013, "name": "a", "scale": 100, "score": "85.5", "change": -3, "weight": "0.125",
    }  # fmt: skip
    assert indicator(found.document()) == found


def test_a_course_has_gaps_and_what_a_change_implies():
    rows = compared(
        [
            one(2010, "hotline", "70"),
            one(2013, "hall service", "85", "3"),
            one(2013, "hotline", "82"),
            one(2013, "communication", None),
            one(2011, "hotline", "4", top="5"),
        ]
    )
    found = courses(rows)

    assert [(course.name, course.top) for course in found] == [
        ("hall service", 100),
        ("hotline", 100),
        ("communication", 100),
    ]
    assert [(step.year, step.score, step.is_implied) for step in found[0].steps] == [
        (2010, None, False),
        (2011, None, False),
        (2012, 82, True),
        (2013, 85, False),
    ]
    assert [step.score for step in found[1].steps] == [70, None, None, 82]  # 4 of 5 is another scale
    assert [step.score for step in found[2].steps] == [None] * 4
    assert courses([]) == []


def test_what_was_taken_out_is_gone_and_may_come_again():
    first, again = one(2013, "a", "90"), one(2013, "a", "91")
    kept, gone = [first.document()], [removed(2013, "a")]

    assert last_reported([kept, gone]) == {}
    assert last_reported([kept, gone, [again.document()]]) == {(2013, "a"): again}


def test_what_the_year_before_had_and_nobody_mentions_is_missing_too():
    rows = compared([one(2012, "a", "80"), one(2012, "b", "70"), one(2012, "c", None), one(2013, "a", "81")])

    assert lacking(rows, 2013) == ("b",)
    assert lacking(rows, 2014) == ()
    assert [(d.kind, d.year, d.names) for d in doubts(rows)] == [
        ("not_reported", 2012, ("c",)),
        ("not_reported", 2013, ("b",)),
    ]
