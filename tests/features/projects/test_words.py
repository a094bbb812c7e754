"""The sample project: its table is worked out anew, and is told as it is."""

from __future__ import annotations

import pytest

from queuedesk.features.projects.words import sample_document


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_sample_is_told_honestly(lang: str) -> None:
    found = sample_document(lang)

    effect = found["effect"]
    assert (effect["before"], effect["after"]) == ({"n": 2356, "of": 2471}, {"n": 2356, "of": 2403})
    assert [round(effect[name], 4) for name in ("difference", "low", "high")] == [0.027, 0.0171, 0.0372]
    assert (effect["plain"], effect["verdict"], len(effect["notes"])) == ("better", "cannot_tell", 2)
    assert {"wrong_percentage", "copied_column", "claim_contradicted", "mean_of_percentages"} <= {
        one["kind"] for one in found["audit"]
    }
    assert [one["stated"] for one in found["causes"]].count("confirmed") == 3
    assert {one["judgement"] for one in found["causes"]} == {"open"}
    assert all(one["look_at"] for one in found["causes"] if one["stated"] == "confirmed")
