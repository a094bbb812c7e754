"""Paths of figures: names of any letters come back, rows of one name are told apart."""

from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.figures.comparing import figures_in, parts_of, path_of
from queuedesk.core.figures.drilldown.find import query, share_paths


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
def test_a_path_gives_back_its_names_whatever_they_are(names):
    assert parts_of(path_of(*names)) == tuple(names)


@given(st.text(max_size=30))
def test_any_text_is_a_path_and_few_are_figures(text):
    query(text)
    share_paths(text)


def test_rows_of_one_name_are_told_apart():
    document = {
        "hours": [{"from": "02:30", "calls": 1}, {"from": "02:30", "calls": 2}],
        "outcomes": [{"code": None, "n": 3}],
    }

    assert list(figures_in(document)) == [
        ("hours.02:30.from", "02:30"),
        ("hours.02:30.calls", 1),
        ("hours.02:30#2.from", "02:30"),
        ("hours.02:30#2.calls", 2),
        ("outcomes.-.code", None),
        ("outcomes.-.n", 3),
    ]
