"""Trials of words on a real hall: fixed dates, the kiosk's tickets counted again from the printed log, only a press
renames."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.improvement.wording_effect import path
from queuedesk.core.network.roles import Actor, Role, station
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.desk.improvement.wording import document_of, end_wording, start_wording, trials
from queuedesk.desk.queue import issuing, moving
from queuedesk.desk.upkeep import closing
from tests.reports.days import asked, hall, kept, printed_log

BEGINS, FIRST = date(2026, 11, 20), date(2026, 11, 23)
AFTER = datetime(2027, 1, 4, 1, tzinfo=UTC)
KIOSK = station("K1")


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=1, minutes=minute)


@kept
def tried(folder: Path) -> Desk:
    rng, desk = Random(3), hall(folder)
    start_wording(desk, asked(at(BEGINS, 0)), "A", "交电费", "Pay", first=FIRST, weeks=4)
    for n in range(30):
        day = FIRST + timedelta(days=n)
        for k in range(8):
            who = Ask(KIOSK, at(day, 5 * k)) if rng.random() < 0.8 else asked(at(day, 5 * k))
            service = rng.choice("AAAB")
            label = issuing.issue(
                desk, who, service, item=rng.choice([None, None, None, "dyfp"]) if service == "A" else None
            )
            if rng.random() < (0.6 if n % 2 else 0.05):
                moving.redirect(desk, asked(at(day, 5 * k + 1)), "C", ticket=label["ticket"])
            elif rng.random() < 0.05:
                moving.void(desk, asked(at(day, 5 * k + 1)), label["ticket"], reason="duplicate")
        closing.end_today(desk, asked(at(day, 60)))
    return desk


def counted_again(log: list[dict[str, Any]]) -> Iterator[tuple[str, str, int, int]]:
    """Yield what each date has, from the raw lines of the log."""
    (trial,) = (event for event in log if event["kind"] == "wording")
    first = date.fromisoformat(trial["data"]["first"])
    for n in range(7 * trial["data"]["weeks"]):
        day = (first + timedelta(days=n)).isoformat()
        own = [event for event in log if event["ticket"] and event["data"].get("date") == day]
        void = {event["ticket"] for event in own if event["kind"] == "void"}
        taken = [
            event["ticket"]
            for event in own
            if event["kind"] == "issue"
            and event["actor"] == "station:K1"
            and event["service"] == trial["service"]
            and not event["data"].get("item")
            and event["ticket"] not in void
        ]
        sent = {event["ticket"] for event in own if event["kind"] == "redirect"}
        yield day, "new" if n % 2 else "old", len(sent.intersection(taken)), len(taken)


def test_what_a_trial_says_follows_from_the_log_and_opens_its_rows(tmp_path: Path) -> None:
    desk = tried(tmp_path)
    ((trial, found, dates),) = trials(desk, AFTER)
    said = document_of(trial, found, dates)

    again = list(counted_again(printed_log(desk)))
    assert [tuple(one.values()) for one in said["dates"]] == again
    for which in ("old", "new"):
        own = [one for one in again if one[1] == which]
        assert (said[which]["wrong"], said[which]["of"]) == (sum(one[2] for one in own), sum(one[3] for one in own))
        for what in ("wrong", "of"):
            behind = tickets_behind(desk, path(trial, which, what), trial.first, trial.last, AFTER)
            assert behind.total == said[which][what]
    assert (said["verdict"], said["from"], said["to"]) == ("worse", "2026-11-23", "2026-12-20")
    assert looking.setup_of(desk).services["A"].name == "电费缴纳"


def test_one_trial_at_a_time_and_only_a_press_renames(tmp_path: Path) -> None:
    desk = hall(tmp_path)
    begun = start_wording(desk, asked(at(BEGINS, 0)), "A", "交电费", "Pay")

    assert begun["from"] == "2026-11-21"
    for wrong in (
        {"service": "A", "label": "缴费"},
        {"service": "B", "label": " "},
        {"service": "C", "label": "x", "weeks": 3},
    ):
        with pytest.raises(RuleError):
            start_wording(desk, asked(at(BEGINS, 1)), **wrong)
    items = looking.setup_of(desk).services["A"].items
    end_wording(desk, asked(at(BEGINS, 2)), begun["wording"], use=True)
    service = looking.setup_of(desk).services["A"]
    assert (service.name, service.name_en, service.items) == ("交电费", "Pay", items)
    with pytest.raises(RuleError):
        end_wording(desk, asked(at(BEGINS, 3)), begun["wording"])
    assert start_wording(desk, asked(at(BEGINS, 4)), "A", "缴电费")["end"] is None


def test_whoever_is_no_manager_tries_no_words(tmp_path: Path) -> None:
    desk = hall(tmp_path)
    clerk = next(one for one in looking.setup_of(desk).staff.values() if one.role is Role.CLERK)
    with pytest.raises(RuleError) as refused:
        start_wording(desk, Ask(Actor(clerk.code, Role.CLERK), at(BEGINS, 0)), "A", "交电费")
    assert refused.value.code == "not_your_role"
