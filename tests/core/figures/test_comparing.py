"""Which dates of two spans are compared, and what is said of their figures' differences."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from queuedesk.core.figures import comparing
from queuedesk.core.figures.drilldown import paths_of_share_rest_and_whole, row_query_of_path
from queuedesk.core.setup.hall import Calendar, DateUnlikeItsWeekday

MONDAY = date(2026, 11, 2)


def days(first: date, n: int) -> list[date]:
    return [first + timedelta(days=i) for i in range(n)]


def span(
    first: date, n: int, *, closed: tuple[date, ...] = (), running: date | None = None
) -> comparing.SpanDatesAndBusyDates:
    own = days(first, n)
    return comparing.SpanDatesAndBusyDates(own, frozenset(own) - set(closed), running)


@st.composite
def spans(draw):
    own = days(draw(st.dates(date(2026, 1, 1), date(2026, 12, 1))), draw(st.integers(1, 92)))
    busy = draw(st.frozensets(st.sampled_from(own)))
    return comparing.SpanDatesAndBusyDates(own, busy, draw(st.none() | st.sampled_from(own)))


@given(spans(), spans())
def test_both_have_as_many_dates_of_each_weekday_and_every_other_date_is_named(one, other):
    chosen = comparing.choose_equal_weekdays(one, other)
    counts = [Counter(day.isoweekday() for day in each.days) for each in chosen]
    assert counts[0] == counts[1]
    for own, each in zip((one, other), chosen, strict=True):
        assert sorted([*each.days, *(out.day for out in each.left_out)]) == own.days
        assert set(each.days) <= own.busy
        for out in each.left_out:
            assert (out.why == comparing.NO_TICKETS) is (out.day not in own.busy)
        # A weekday of which dates were over keeps none back on the other side.
    usable = [
        Counter(d.isoweekday() for d in own.days if d in own.busy and (len(own.days) == 1 or d != own.running))
        for own in (one, other)
    ]
    assert counts[0] == usable[0] & usable[1]


def test_of_a_longer_row_the_last_dates_are_left_out_and_a_closed_date_costs_the_other_one_too():
    october, november = span(date(2026, 10, 1), 31), span(date(2026, 11, 1), 30)
    mine, theirs = comparing.choose_equal_weekdays(november, october)
    # October has five Thursdays to Saturdays, November five Sundays and Mondays: four of each are compared.
    assert len(mine.days) == len(theirs.days) == 28
    assert [out.day.day for out in theirs.left_out] == [29, 30, 31]
    surplus = [comparing.LeftOutDate(date(2026, 11, day), comparing.SURPLUS) for day in (29, 30)]
    assert list(mine.left_out) == surplus
    shorter = span(MONDAY, 5, closed=(MONDAY,))
    mine, theirs = comparing.choose_equal_weekdays(shorter, span(MONDAY + timedelta(days=7), 5))
    assert [out.why for out in mine.left_out] == [comparing.NO_TICKETS]
    assert theirs.left_out == (comparing.LeftOutDate(MONDAY + timedelta(days=7), comparing.SURPLUS),)


def test_a_date_that_is_not_over_is_left_out_unless_it_is_all_there_is():
    week, before = span(MONDAY + timedelta(days=7), 7, running=MONDAY + timedelta(days=9)), span(MONDAY, 7)
    mine, theirs = comparing.choose_equal_weekdays(week, before)
    assert comparing.LeftOutDate(MONDAY + timedelta(days=9), comparing.RUNNING) in mine.left_out
    assert comparing.LeftOutDate(MONDAY + timedelta(days=2), comparing.SURPLUS) in theirs.left_out
    today = comparing.SpanDatesAndBusyDates([MONDAY], frozenset([MONDAY]), MONDAY)
    mine, theirs = comparing.choose_equal_weekdays(today, span(MONDAY - timedelta(days=7), 1))
    assert mine.days == (MONDAY,) and theirs.days == (MONDAY - timedelta(days=7),)


def newcombe(ours: tuple[int, int], theirs: tuple[int, int]) -> tuple[float, float, float]:
    """Return the difference of two shares and its interval, worked out from the printed formulas alone."""
    z = 1.959963984540054

    def wilson(n: int, of: int) -> tuple[float, float, float]:
        p = n / of
        middle = (p + z**2 / (2 * of)) / (1 + z**2 / of)
        half = z / (1 + z**2 / of) * (p * (1 - p) / of + z**2 / (4 * of**2)) ** 0.5
        return p, middle - half, middle + half

    (p1, l1, u1), (p2, l2, u2) = wilson(*ours), wilson(*theirs)
    d = p1 - p2
    return d, d - ((p1 - l1) ** 2 + (u2 - p2) ** 2) ** 0.5, d + ((u1 - p1) ** 2 + (p2 - l2) ** 2) ** 0.5


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ((180, 200), (140, 200), comparing.ShareChangeVerdict.HIGHER),
        ((140, 200), (180, 200), comparing.ShareChangeVerdict.LOWER),
        ((19, 20), (18, 20), comparing.ShareChangeVerdict.CANNOT_TELL),
        ((5, 5), (5, 5), comparing.ShareChangeVerdict.CANNOT_TELL),
    ],
)
def test_a_share_is_said_to_differ_only_where_chance_hardly_explains_it(ours, theirs, verdict):
    made = [{"share": {"n": n, "of": of, "rate": n / of}} for n, of in (ours, theirs)]
    parts = [comparing.share_counts_in_document(one) for one in made]
    found = {one.path: one for one in comparing.document_differences(*made, *parts)}
    share = found["share.rate"]
    difference, low, high = newcombe(ours, theirs)
    assert (share.difference, share.low, share.high) == pytest.approx((difference, low, high), abs=1e-6)
    assert share.verdict == verdict
    both = tuple(comparing.NumeratorAndDenominator(*each) for each in (ours, theirs))
    assert (share.ours_of, share.theirs_of) == both
    assert found["share.n"].difference == ours[0] - theirs[0]
    assert found["share.n"].verdict is None


def test_what_one_span_lacks_is_no_difference_of_times_but_nought_of_counts():
    ours = {"services": [{"code": "A", "issued": 3, "wait": {"mean": 4.5}}], "left_out": []}
    theirs = {"services": [{"code": "A", "issued": 5, "wait": {"mean": None}}], "left_out": [{"what": "void", "n": 2}]}
    found = {one.path: one.difference for one in comparing.document_differences(ours, theirs, {}, {})}
    assert found == {"services.A.issued": -2, "services.A.wait.mean": None, "left_out.void.n": -2}


def test_what_is_no_figure_is_not_compared():
    document = {
        "hall": "H",
        "from": "2026-11-02",
        "wait": {"target_minutes": 15, "mean": 2.0},
        "ratings": {"satisfied": 4, "n": 5, "rate": 0.8, "low": 0.4, "high": 0.9},
        "log": {"first_seq": 1, "last_seq": 9, "hash": "ab"},
        "rules": [{"from": "2026-11-02", "jump_every": 3}],
        "measures": {"pauses": [{"date": "2026-11-02", "window": "1", "from": "9:00", "minutes": 30.0}]},
    }
    parts = comparing.share_counts_in_document(document)
    found = comparing.document_differences(document, document, parts, parts)
    assert [one.path for one in found] == ["wait.mean", "ratings.satisfied", "ratings.n", "ratings.rate"]
    assert found[-1].ours_of == comparing.NumeratorAndDenominator(4, 5)


def test_special_hours_are_left_out_and_a_make_up_saturday_meets_its_like_alone():
    short = {MONDAY: DateUnlikeItsWeekday(kind="special", start=510, end=720)}
    saturdays = [MONDAY + timedelta(days=n) for n in (5, 12)]
    make_up = {day: DateUnlikeItsWeekday(kind="working") for day in saturdays}
    week, after = span(MONDAY, 7), span(MONDAY + timedelta(days=7), 7)
    mine, theirs = comparing.choose_equal_weekdays(replace(week, calendar=Calendar(days=short)), after)
    assert comparing.LeftOutDate(MONDAY, comparing.UNLIKE) in mine.left_out
    assert comparing.LeftOutDate(after.days[0], comparing.SURPLUS) in theirs.left_out
    worked = Calendar(days={saturdays[0]: make_up[saturdays[0]]})
    mine, theirs = comparing.choose_equal_weekdays(replace(week, calendar=worked), after)
    assert comparing.LeftOutDate(saturdays[0], comparing.SURPLUS) in mine.left_out
    assert comparing.LeftOutDate(saturdays[1], comparing.SURPLUS) in theirs.left_out
    both = (replace(one, calendar=Calendar(days=make_up)) for one in (week, after))
    assert [len(one.days) for one in comparing.choose_equal_weekdays(*both)] == [7, 7]


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
def test_a_path_gives_back_its_names_whatever_they_are(names):
    assert comparing.split_figure_path(comparing.joined_figure_path(*names)) == tuple(names)


@given(st.text(max_size=30))
def test_any_text_is_a_path_and_few_are_figures(text):
    row_query_of_path(text)
    paths_of_share_rest_and_whole(text)


def test_rows_of_one_name_are_told_apart():
    document = {"hours": [{"from": "02:30", "calls": n} for n in (1, 2)], "outcomes": [{"code": None, "n": 3}]}
    assert list(comparing.figure_paths_and_values(document)) == [
        ("hours.02:30.from", "02:30"),
        ("hours.02:30.calls", 1),
        ("hours.02:30#2.from", "02:30"),
        ("hours.02:30#2.calls", 2),
        ("outcomes.-.code", None),
        ("outcomes.-.n", 3),
    ]
