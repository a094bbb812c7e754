"""The what-if command: its document, its sentences, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from queuedesk.features.what_if.words import inferred_lines, match_line
from tests.cli.commands import Console
from tests.reports import days

DAY = days.DAY
ASK = ("what-if", "--date", DAY, "--runs", 4)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whatif")
    days.simulated(folder, customers=260).db.dispose()
    return folder / "hall.sqlite"


@pytest.fixture
def played(bare: Console, hall: Path) -> Console:
    bare.db = hall
    return bare


def test_a_window_more_of_ones_own(played: Console) -> None:
    found = played.ask(
        *ASK, "--window", "9=A,B@9:00-12:00", "--without", "1", "--break", "2=12:00/30", "--set", "jump_every=2"
    )

    assert found["change"] == {
        "windows": [{"window": "9", "services": ["A", "B"], "from": "9:00", "to": "12:00"}],
        "without": ["1"],
        "breaks": [{"window": "2", "from": "12:00", "minutes": 30}],
        "settings": {"jump_every": 2},
    }
    assert found["base"] == {"windows": [], "without": [], "breaks": [], "settings": {}}
    assert found["match"]["verdict"] == "close" and found["runs"] == 4
    assert (found["inferred"]["away"], found["inferred"]["not_served"]) == ([], [])
    assert {row["service"] for row in found["services"]} == {"A", "B", "C", "D"}
    assert sum(row["n"] for row in found["half_hours"]) == found["all"]["n"]


def test_the_answer_begins_with_how_near_it_comes(played: Console) -> None:
    said = played.say(*ASK, "--question", "one-more").out.splitlines()

    assert said[0] == "Simulated with no change, the day matches its record closely."
    assert said[1].startswith("Mean wait recorded ")
    assert "Before: The day as it was" in said and "After: Window 7 serves all services" in said


def test_the_share_is_of_the_minutes_that_are_shown() -> None:
    """2.74 and 3.0 are shown as 2.7 and 3.0, which is 11 % more; their own share would be 9."""
    median = {"recorded": 0.2, "simulated": 0.2}
    match = {"n": 230, "recorded": 2.74, "simulated": 2.99, "low": 2.7, "high": 3.3, "share": 0.0912, "median": median}
    told = match_line(
        match | {"within_target": {"recorded": 0.95, "simulated": 0.94}, "half_hours_off": 0.3}, 15, 40, "en"
    )
    assert "2.7 min (230 calls), simulated 40 times 3.0 min (2.7 to 3.3): 11 % more than recorded" in told


def test_what_the_record_lacks_is_told_before_anything_else() -> None:
    told = {
        "away": [
            {
                "window": "3",
                "minutes": 50.0,
                "spans": [{"from": "12:05", "to": "12:40"}, {"from": "14:10", "to": "14:25"}],
            }
        ],
        "short": {"n": 2, "minutes": 1.5},
        "not_served": [{"window": "4", "services": ["A", "B"], "passed": 7}],
    }

    assert [line.replace("\u2060", "") for line in inferred_lines(told, "en")] == [
        "Window 3 was away 12:05–12:40, 14:10–14:25 by its calls.",
        "Window 4 did not serve A, B by its calls.",
        "2 short absences while people waited, 1.5 min on average.",
    ]
    assert inferred_lines(told, "zh_CN", most=1)[0] == "另有 2 条同样的情况。"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--date", "2026-11-21", "--without", "1"), "nothing_recorded"),
        (("--date", DAY, "--without", "99"), "unknown_window"),
        (("--date", DAY, "--window", "1=Z"), "unknown_service"),
        (("--date", DAY, "--set", "crowd=3"), "not_in_what_if"),
        (("--date", DAY, "--set", "jump_every=many"), "bad_value"),
    ],
)
def test_refusals(played: Console, words: tuple[object, ...], code: str) -> None:
    answer = played.say("--json", "what-if", *words)

    assert (answer.status, answer.refusal) == (1, code)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--question", "one-more", "--without", "1"),
        ("--question", "more"),
        ("--window", "7"),
        ("--window", "7=A@12:00-9:00"),
        ("--break", "7=12:00"),
        ("--break", "7=25:00/20"),
        ("--without", "1", "--runs", "1"),
    ],
)
def test_wrong_usage(played: Console, words: tuple[object, ...]) -> None:
    assert played.say("what-if", "--date", DAY, *words).status == 2


def test_today_is_not_over(console: Console) -> None:
    console.ask("open", "1", "--staff", "C1")
    console.ask("issue", "A")

    assert console.say("--json", "what-if", "--date", console.clock().date(), "--without", "1").refusal == "day_open"


def test_the_page_as_a_file(played: Console, tmp_path: Path) -> None:
    played.services = command_services()
    file = tmp_path / "what-if.pdf"
    found = played.ask(*ASK, "--question", "lunch", "--out", file)

    assert found["file"] == str(file) and found["all"]["n"] > 0
    assert file.read_bytes().startswith(b"%PDF")
    assert played.say(*ASK, "--question", "lunch", "--out", tmp_path / "what-if.txt").status == 2
