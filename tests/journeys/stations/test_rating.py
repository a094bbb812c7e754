"""Three customers at one window: a low answer with its reason, no answer, a good one; read back from the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import looking
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.journeys.stations.talk import Talk

WORDS = {"en": ("Dissatisfied", "Waited too long"), "zh_CN": ("不满意", "等得太久")}


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_customers_rate_their_visits_at_the_window(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:40")
    hall.open("3", "C3")
    hall.queue("B", "B", "B")

    with Talk("rating_hands.py", hall.path, lang, home=tmp_path) as screen:
        for said in (["ready"], [*WORDS[lang], "thanks"], ["skipped"]):
            assert [screen.heard() for _line in said] == said
            hall.serve_out("3", minutes=0)
        screen.end()

    said = [e for e in looking.events_after(hall.desk, 0) if e.kind in ("rate", "reasons")]
    assert [(e.kind, e.ticket, e.actor, e.window, e.staff) for e in said] == [
        ("rate", "B001", "customer", "3", "C3"),
        ("reasons", "B001", "customer", "3", "C3"),
        ("rate", "B003", "customer", "3", "C3"),
    ]
    assert said[0].data["level"] == 2
    assert said[1].data["tags"] == ["waited_long"]
    assert said[2].data["level"] == 5
    assert "rate" not in {e.kind for e in looking.events_after(hall.desk, 0) if e.ticket == "B002"}
