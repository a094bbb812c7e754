"""Anybody can check the log, and looking changes nothing."""

import hashlib
import json

import pytest

from tests.cli.commands import Console, begun_once


def served(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    for service in "AAB":
        console.ask("issue", service)
    console.ask("call", "3")
    console.clock.move(minutes=1)
    console.ask("start", "3")
    console.clock.move(minutes=4)
    console.ask("finish", "3", "--outcome", "done", "--note", "=1+1")


@pytest.fixture
def hall(console: Console) -> Console:
    """Window 3 has served A001; A002 and B001 wait."""
    return begun_once(console, served)


def test_anybody_can_check_the_log(hall):
    previous = "0" * 64
    for event in hall.log():
        body = {key: value for key, value in event.items() if key not in ("prev", "hash")}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert event["prev"] == previous
        previous = hashlib.sha256((previous + text).encode()).hexdigest()
        assert event["hash"] == previous
    assert [event["seq"] for event in hall.log(3)] == [4, 5, 6, 7, 8]


@pytest.mark.usefixtures("hall_alone")
def test_looking_leaves_no_trace(hall):
    before = hall.log()
    for words in (
        "state",
        "tickets",
        "why A002",
        "wait A002",
        "wait --service B",
        "service list",
        "settings list",
        "doctor",
    ):
        assert hall.say(*words.split()).status == 0
    assert hall.log() == before
