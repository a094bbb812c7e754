"""Customers at the exit's rating, by touches and by a code reader, in both languages; read back from the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.i18n import say
from queuedesk.printing.qr import ticket_text
from tests.every_day import walked_in
from tests.hall import DAY, Hall, make_hall
from tests.journeys.stations.talk import Talk

TITLES = {"en": "Enter your number and rate today's visit", "zh_CN": "请输入您的号码，评价今天的服务"}


def code_of(hall: Hall, label: str) -> str:
    """Return what a reader types when the ticket's code is held in front of it."""
    ticket = hall.ticket(label)
    return ticket_text(looking.setup_of(hall.desk).hall.code, ticket.date, label, ticket.token)


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("en"))
def test_visits_are_rated_on_the_way_out(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:30")
    hall.open("3", "C3")
    hall.queue("B", "B", "B")
    for _visit in range(2):
        hall.serve_out("3", minutes=4)
    hall.call("3")

    with Talk("exit_hands.py", hall.path, lang, home=tmp_path) as screen:
        assert screen.heard() == TITLES[lang]
        assert screen.heard() == "one touch"
        hall.do("set-setting", "rating_questions", "on")
        screen.tell(code_of(hall, "B002"))
        assert screen.heard() == "two questions"
        for refusal in (
            RuleError("already_rated", ticket="B002"),
            RuleError("unknown_ticket", ticket="B077", date=DAY.date()),
            RuleError("visit_not_ended", ticket="B003"),
        ):
            assert screen.heard() == say(refusal, lang)
        screen.end()

    said = [e for e in looking.events_after(hall.desk, 0) if e.kind in ("rate", "reasons", "opinion")]
    said = said[:5]  # a second one of the opinion comes where words were asked for, or later
    assert [(e.kind, e.ticket, e.actor) for e in said] == [
        ("rate", "B001", "customer"),
        ("reasons", "B001", "customer"),
        ("rate", "B002", "customer"),
        ("reasons", "B002", "customer"),
        ("opinion", None, "customer"),
    ]
    assert [e.data.get("level") for e in said] == [4, None, 1, None, 5]
    state = looking.hall_now(hall.desk, hall.clock())
    kept = state.ratings[DAY.date(), "B002"]
    assert (kept.level, kept.attitude, kept.competence, kept.tags) == (1, 2, 4, ("not_solved",))
    assert [one.level for one in state.opinions.values()] == [5]
    hall.must_follow_from_its_log()
