"""What a project's effect says where there is little to say it by."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from queuedesk.core.improvement.project import Followed, Spans
from queuedesk.features.projects.verbs import telling
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import simple_hall

pytestmark = ON_BOTH_ENGINES


def test_without_spans_there_is_no_effect(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.do("project-open", "Nothing followed", "M1")

    assert telling.effect_of(hall.desk, 1, hall.clock()) is None


def test_a_hall_without_ratings_is_told_too_few(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    days = [hall.date + timedelta(days=n) for n in (-14, -8, -7, -7, -1)]
    hall.do("project-open", "No rating screen", "M1")
    hall.do("project-follow", 1, [Followed("ratings.rate")])
    hall.do("project-spans", 1, Spans(before=(days[0], days[1]), measures=days[2], after=(days[3], days[4])))

    found = telling.effect_of(hall.desk, 1, hall.clock())

    assert found is not None
    assert [str(one.verdict) for one in found.figures] == ["too_few"]
    assert telling.effect_document(found)["figures"][0]["difference"] is None
