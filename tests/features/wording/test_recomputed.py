"""Wording trials on a real hall: fixed dates, a key's and a notice's tickets counted again from the printed log with
the dates that have no share in it, only a press renames."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from queuedesk.core.improvement.wording_effect import path
from queuedesk.core.network.roles import station
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.figures.comparing import tickets_behind
from queuedesk.desk.queue import calling, issuing
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import clocks
from queuedesk.features.wording.verbs import document_of, start_notice, start_wording, trials
from tests.features.demo_hall.month import month
from tests.features.projects.test_recomputed import NOW
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
    start_notice(desk, asked(at(BEGINS, 1)), 2, "老人请先说", "First, please", services=["B", "D"], first=FIRST)
    off = dict(looking.setup_of(desk).document["notices"][1])
    for n in range(30):
        day = FIRST + timedelta(days=n)
        if n == 9:
            setting_up.remove_row(desk, asked(at(day, 20)), "notices", "2")
        if n == 12:
            setting_up.add_row(desk, asked(at(day, 20)), "notices", off)
        for k in range(10):
            who = Ask(KIOSK, at(day, 5 * k)) if rng.random() < 0.8 else asked(at(day, 5 * k))
            service = rng.choice("AAAABBBD")
            label = issuing.issue(
                desk, who, service, item=rng.choice([None, None, None, "dyfp"]) if service == "A" else None
            )
            if rng.random() < (0.6 if n % 2 else 0.05):
                calling.redirect(desk, asked(at(day, 5 * k + 1)), "C", ticket=label["ticket"])
            elif rng.random() < 0.05:
                calling.void(desk, asked(at(day, 5 * k + 1)), label["ticket"], reason="duplicate")
        clocks.end_today(desk, asked(at(day, 60)))
    return desk


def stood(log: list[dict[str, Any]], trial: dict[str, Any], day: str) -> bool:
    """Whether the notice of a trial stood in the set-up throughout a date, by the raw lines of the log."""
    notices: list[dict[str, Any]] = []
    known = []
    for event in log:
        data = event["data"]
        if event["kind"] != "set-up" or data["date"] > day:
            continue
        if "setup" in data:
            notices = data["setup"]["notices"]
        elif data["part"] == "notices" and data["op"] == "add":
            notices = [*notices, data["row"]]
        known.append((data["date"], trial["data"]["name"] in [row["text"] for row in notices]))
    before = [there for date_, there in known if date_ < day]
    return before[-1] and all(there for date_, there in known if date_ == day)


def counted_again(log: list[dict[str, Any]], trial: dict[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    """Yield what each date has, from the raw lines of the log."""
    first = date.fromisoformat(trial["data"]["first"])
    for n in range(7 * trial["data"]["weeks"]):
        day = (first + timedelta(days=n)).isoformat()
        own = [event for event in log if event["ticket"] and event["data"].get("date") == day]
        void = {event["ticket"] for event in own if event["kind"] == "void"}
        taken = [
            event["ticket"]
            for event in own
            if event["kind"] in ("issue", "serve")
            and event["ticket"] not in void
            and (
                event["service"] in trial["data"]["services"]
                if "services" in trial["data"]
                else event["actor"] == "station:K1"
                and event["service"] == trial["service"]
                and not event["data"].get("item")
            )
        ]
        if "services" in trial["data"] and not stood(log, trial, day):
            continue
        sent = {event["ticket"] for event in own if event["kind"] == "redirect"}
        yield day, "new" if n % 2 else "old", len(sent.intersection(taken)), len(taken)


def test_what_a_trial_says_follows_from_the_log_and_opens_its_rows(tmp_path: Path) -> None:
    desk = tried(tmp_path)
    log = printed_log(desk)
    begun = [event for event in log if event["kind"] == "wording"]
    told, key = trials(desk, AFTER)
    for one, event in ((key, begun[0]), (told, begun[1])):
        trial, said = one.trial, document_of(one)
        again = list(counted_again(log, event))
        assert [tuple(row.values()) for row in said["dates"]] == again
        for which in ("old", "new"):
            own = [row for row in again if row[1] == which]
            assert (said[which]["wrong"], said[which]["of"]) == (sum(row[2] for row in own), sum(row[3] for row in own))
            for what in ("wrong", "of"):
                asked_for = path(trial, which, what)
                behind = tickets_behind(desk, asked_for, trial.first, trial.last, AFTER, without=one.left_out)
                assert behind.total == said[which][what]
        assert (said["verdict"], said["from"], said["to"]) == ("worse", "2026-11-23", "2026-12-20")
    assert (key.left_out, key.stands, told.stands) == ([], True, True)
    assert told.left_out == [FIRST + timedelta(days=n) for n in range(9, 13)]
    assert looking.setup_of(desk).services["A"].name == "电费缴纳"


def test_the_demo_s_month_has_a_trial_that_is_over_and_one_that_runs(tmp_path: Path) -> None:
    desk = month(tmp_path)
    log = printed_log(desk)
    begun = {event["seq"]: event for event in log if event["kind"] == "wording" and "first" in event["data"]}
    runs, over = trials(desk, NOW)

    assert (over.trial.end, runs.trial.end, runs.stands) == ("kept", None, True)
    for one in (over, runs):
        said = document_of(one)
        assert [tuple(row.values()) for row in said["dates"]] == list(counted_again(log, begun[one.trial.seq]))[
            : len(one.dates)
        ]
        assert one.found.new.of + one.found.old.of > 0
        assert not one.trial.label.isascii() and one.trial.label_en.isascii()
