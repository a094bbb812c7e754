"""The morning on paper: one page that says who has read the briefing, what was not in order, who was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.features.morning.papers import write
from tests.hall import MANAGER, Hall, clerk, simple_hall
from tests.reports.read_back import text_of


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def test_it_says_who_read_what_was_lacking_and_who_was_there(hall: Hall, tmp_path: Path) -> None:
    seq = hall.do("briefing", ["新的收费表"], ["New fees"], who=MANAGER)["briefing"]
    hall.do("briefing-read", seq, who=clerk("C1"))
    marks = [{"item": n, "state": "good"} for n in range(1, 7)] + [{"item": 7, "state": "lacking", "why": [1]}]
    hall.do("opening", "opening", marks, temperature=21, who=clerk("C2"))

    pages, text = text_of(write(hall.desk, None, tmp_path / "m.pdf", lang="en", now=hall.clock()))

    assert pages == 1
    for said in (
        "• New fees",
        "Read by C1 9:00",
        "Not yet by C2",
        "21 °C",
        "Not in order · Bare wires",
        "C1 here at 9:00",
    ):
        assert said in text, text
    assert "Nobody has signed for the closing yet." in text
    assert "roster" not in text  # the hall has none


def test_a_morning_of_which_nothing_is_known_says_so(hall: Hall, tmp_path: Path) -> None:
    pages, text = text_of(write(hall.desk, None, tmp_path / "m.pdf", lang="zh_CN", now=hall.clock()))

    assert (pages, "没有晨会要点。" in text, "还没有人签字开厅。" in text) == (1, True, True)
