"""The rows that figures count, and the tickets behind them."""

from queuedesk.core.figures.drilldown.rows import BEHIND
from queuedesk.core.figures.measures import day
from queuedesk.core.figures.measures.figures import COUNTED


def test_tickets_stand_behind_every_source_but_these():
    assert set(day.SOURCES) - set(BEHIND) == {
        day.SHIFTS,
        day.IDLE,
        day.HELP_CALLS,
        day.WRONG_TIMES,
    }
    assert set(BEHIND) < set(day.SOURCES)


def test_every_source_is_counted_by_some_figure():
    used = {one.source or figure.source for figure in COUNTED for one in figure.numbers.values()}

    assert used == set(day.SOURCES)


def test_no_two_figures_have_the_same_key():
    assert len({figure.key for figure in COUNTED}) == len(COUNTED)


def test_a_split_of_one_number_alone_has_a_number_of_that_name():
    assert [
        (figure.key, split.key)
        for figure in COUNTED
        for split in figure.splits
        if not {*split.numbers, *filter(None, [split.alone])} <= {*figure.numbers}
    ] == []
