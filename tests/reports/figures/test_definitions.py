"""What each figure is: every definition says its share's denominator, and is short in both
languages."""

from __future__ import annotations

import pytest

from queuedesk.reports.figures.figure_words import definitions
from queuedesk.reports.figures.period import read_day
from tests.reports.days import DAY, NEXT_MORNING, eventful

LONGEST = {"en": 155, "zh_CN": 75}


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return read_day(eventful(tmp_path_factory.mktemp("hall")), DAY, NEXT_MORNING).figures


def test_every_measure_has_a_definition(figures):
    told = {one.path.split(".")[1] for one in definitions(figures, "en") if one.path.startswith("measures.")}
    same = {"served": "measures.served.rate", "service_level": "wait.within_target"}

    assert figures["measures"].keys() - told <= same.keys()
    assert set(same.values()) <= {one.path for one in definitions(figures, "en")}


def test_every_share_says_of_how_many_and_what_becomes_of_those_who_left(figures):
    shares = [one for one in definitions(figures, "en") if one.path.endswith((".rate", "within_target"))]

    assert [one.path for one in shares if not one.of] == []
    assert [one.path for one in shares if not one.abandoned] == ["measures.diversion.rate"]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_definitions_are_one_short_sentence_each(figures, lang):
    for one in definitions(figures, lang):
        for text in (one.name, one.counted, one.of, one.left_out, one.abandoned):
            assert len(text) <= LONGEST[lang] and "{" not in text
    assert any("5" in one.name for one in definitions(figures, lang) if one.path == "wait.within_target")


def test_a_hall_without_one_target_has_a_dash(figures):
    several = figures | {"wait": figures["wait"] | {"target_minutes": None}}

    assert "Called within — min" in [one.name for one in definitions(several, "en")]


def test_halls_that_look_on_for_other_days_have_a_dash(figures):
    measures = figures["measures"]
    together = figures | {"measures": measures | {"first_visit": measures["first_visit"] | {"days": None}}}

    assert "None" not in "".join(one.counted for one in definitions(together, "en"))
