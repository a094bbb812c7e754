"""What each figure is: every definition says its share's denominator, and is short in both languages."""

import pytest

from queuedesk.reports.figures.figure_words import figure_definitions
from queuedesk.reports.figures.period import read_day_report
from tests.reports.days import DAY, NEXT_MORNING, eventful

LONGEST = {"en": 155, "zh_CN": 75}


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return read_day_report(eventful(tmp_path_factory.mktemp("hall")), DAY, NEXT_MORNING).figures


def test_every_measure_has_a_definition_in_short_sentences_and_every_share_says_of_how_many(figures):
    defined = figure_definitions(figures, "en")
    told = {one.path.split(".")[1] for one in defined if one.path.startswith("measures.")}
    same = {"served": "measures.served.rate", "service_level": "wait.within_target"}
    assert figures["measures"].keys() - told <= same.keys()
    assert set(same.values()) <= {one.path for one in defined}
    shares = [one for one in defined if one.path.endswith((".rate", "within_target"))]
    assert [one.path for one in shares if not one.of] == []
    assert [one.path for one in shares if not one.abandoned] == ["measures.diversion.rate"]
    for lang, longest in LONGEST.items():
        for one in figure_definitions(figures, lang):
            for text in (one.name, one.counted, one.of, one.left_out, one.abandoned):
                assert len(text) <= longest and "{" not in text
        assert any("5" in one.name for one in figure_definitions(figures, lang) if one.path == "wait.within_target")
    # A hall without one target, and halls that look on for other days, have a dash.
    several = figures | {"wait": figures["wait"] | {"target_minutes": None}}
    assert "Called within — min" in [one.name for one in figure_definitions(several, "en")]
    measures = figures["measures"]
    together = figures | {"measures": measures | {"first_visit": measures["first_visit"] | {"days": None}}}
    assert "None" not in "".join(one.counted for one in figure_definitions(together, "en"))
