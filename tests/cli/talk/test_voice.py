"""What the command line tells of the hall's voice, and how it is set up there."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console
from tests.hall import at

EMPTY = {
    "spoken": True, "languages": [], "call": {}, "recall": {}, "yao": False, "times": 2, "chime": True, "hours": []
}  # fmt: skip


def test_a_hall_that_set_nothing_shows_how_it_usually_is(console: Console) -> None:
    assert console.ask("voice", "show") == EMPTY


def test_every_key_is_set_and_shown(console: Console) -> None:
    answer = console.ask(
        "voice",
        "set",
        "spoken=off",
        "languages=en,zh_CN",
        "call.zh_CN={ticket}号请到{window}",
        "recall.en=Once more: {ticket}, {window}",
        "yao=on",
        "chime=off",
        "times=1",
        "hours=18:00 90 60; 8:00 110%",
    )

    assert answer == {
        "spoken": False,
        "languages": ["en", "zh_CN"],
        "call": {"zh_CN": "{ticket}号请到{window}"},
        "recall": {"en": "Once more: {ticket}, {window}"},
        "yao": True,
        "times": 1,
        "chime": False,
        "hours": [{"from": "8:00", "speed": 110, "volume": 100}, {"from": "18:00", "speed": 90, "volume": 60}],
    }
    assert console.ask("voice", "show") == answer


def test_the_words_of_one_language_leave_those_of_the_other(console: Console) -> None:
    console.ask("voice", "set", "call.zh_CN={ticket}号请到{window}")
    console.ask("voice", "set", "call.en={ticket} to {window}")

    assert console.ask("voice", "show")["call"] == {"zh_CN": "{ticket}号请到{window}", "en": "{ticket} to {window}"}


def test_empty_values_bring_back_what_is_usual(console: Console) -> None:
    console.ask("voice", "set", "call.en={ticket} to {window}", "times=3", "hours=8:00 90 90", "languages=en")

    assert console.ask("voice", "set", "call.en=", "times=", "hours=", "languages=") == EMPTY


def test_what_show_says_can_be_set_again(console: Console) -> None:
    console.ask("voice", "set", "call.en={ticket} to {window}", "hours=8:00 90 80; 18:00 100 50", "yao=on")
    lines = [line.split("  ", 1) for line in console.say("voice", "show").out.splitlines()]
    told = [f"{key}={value[0] if value else ''}" for key, *value in lines]
    before = console.ask("voice", "show")

    assert console.ask("voice", "set", *told) == before


def test_a_hall_says_that_its_calls_are_only_shown(console: Console) -> None:
    assert console.ask("voice", "set", "spoken=off") == EMPTY | {"spoken": False}
    assert console.say("voice", "show").out.splitlines()[0].split() == ["spoken", "off"]
    assert console.ask("voice", "set", "spoken=on") == EMPTY


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ("speed=3", "voice: speed does not fit; possible: spoken, languages"),
        (
            "call.en=Come to {window}",
            "Words of a call: the number is missing; please put {ticket} where it is to be said.",
        ),
        ("call.en={ticket} for {name}", "Words of a call: name does not fit; possible: {ticket}"),
        ("hours=8 100", "Times of day: 8 100 does not fit; please write a time, speed and volume such as 8:00 100 90."),
        ("hours=8:00 400", "Speed: 400 does not fit; possible: 50–150."),
        ("times=7", "Times: 7 does not fit; possible: 1–3."),
        ("languages=de", "de is not among the choices for Languages."),
    ],
)
def test_what_can_not_be_spoken_is_refused_and_changes_nothing(console: Console, pair: str, sentence: str) -> None:
    answer = console.say("voice", "set", "yao=on", pair)

    assert answer.status == 1
    assert answer.err.startswith(sentence), answer.err
    assert console.ask("voice", "show") == EMPTY


def test_the_log_says_what_became_of_each_call(console: Console) -> None:
    assert console.ask("voice", "log") == {"announcements": []}
    console.ask("window", "set", "1", "zone=")
    for window in ("1", "2"):
        console.ask("open", window, "--staff", f"C{window}")
        console.ask("issue", "A")
        console.ask("call", window)
    db = Database.open(console.db)
    desk = Desk(db, 1)
    seqs = [row["seq"] for row in console.ask("voice", "log")["announcements"]]
    announcing.note_shown(desk, seqs[0], "display", at("10:00:01"))
    announcing.note_spoken(
        desk,
        seqs[0],
        "display",
        at("10:00:09"),
        link="clips",
        text="请 A001 号到 1 号窗口。",
        sound_ms=7400,
        delay_ms=600,
    )
    announcing.note_spoken(desk, seqs[1], "display", at("10:00:20"), link=None, text="…", cause="too_many")
    db.dispose()

    first, second = console.ask("voice", "log", "--date", "2026-11-20")["announcements"]

    assert first == {
        "seq": seqs[0],
        "kind": "call",
        "ticket": "A001",
        "window": "1",
        "shown": "2026-11-20T10:00:01+08:00",
        "spoken": "2026-11-20T10:00:09+08:00",
        "station": "display",
        "link": "clips",
        "text": "请 A001 号到 1 号窗口。",
        "sound_ms": 7400,
        "delay_ms": 600,
        "cause": None,
    }
    assert (second["spoken"], second["link"], second["cause"]) == (None, "none", "too_many")
    assert console.say("voice", "log").out.splitlines() == [
        f"{seqs[0]}  A001, window 1  shown 10:00:01  said 10:00:09  recorded clips  0.6 s after the picture  7.4 s  请 A001 号到 1 号窗口。",
        f"{seqs[1]}  A002, window 2  not shown  silent: too many calls at once  …",
    ]


@pytest.fixture
def speaking(console: Console) -> Console:
    """Return a console that may say a call."""
    console.services = command_services()
    return console


def test_a_trial_writes_the_sound_and_says_who_spoke(speaking: Console, tmp_path: Path) -> None:
    file = tmp_path / "call.wav"

    answer = speaking.ask("voice", "try", "--ticket", "a17", "--window", "2", "--at", "18:30", "--out", file)

    assert "A017" in answer["texts"]["zh_CN"]
    assert "window 2" in answer["texts"]["en"]
    assert set(answer["links"]) == {"zh_CN", "en"}
    with wave.open(str(file)) as sound:
        assert round(sound.getnframes() / sound.getframerate(), 1) == round(answer["sound_ms"] / 1000, 1)


def test_a_trial_needs_a_window_and_a_time_that_there_are(speaking: Console, tmp_path: Path) -> None:
    file = tmp_path / "call.wav"

    assert speaking.say("--json", "voice", "try", "--window", "99", "--out", file).refusal == "unknown_window"
    assert speaking.say("voice", "try", "--at", "25:00", "--out", file).status == 2
    assert speaking.say("--json", "voice", "try", "--out", tmp_path / "none" / "call.wav").refusal == "cannot_write"
    assert not file.exists()


@pytest.fixture
def recording(console: Console) -> Console:
    """Return a console that may write recorded words; the hall has one window, so that few are needed."""
    console.services = command_services()
    console.ask("voice", "set", "languages=en", "call.en={ticket}")
    return console


def test_a_starter_set_is_written_once_and_leaves_what_is_there(recording: Console, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    own = folder / "en" / "A.wav"
    lacking = recording.ask("voice", "clips", "--check", folder)["clips"]["en"]
    assert lacking["there"] == []
    assert {"A", "0", "20", "90"} <= set(lacking["missing"])

    written = recording.ask("voice", "clips", folder)["written"]

    assert written == {"en": len(lacking["missing"])}
    assert recording.ask("voice", "clips", "--check", folder)["clips"]["en"]["missing"] == []
    before = own.read_bytes()
    assert recording.ask("voice", "clips", folder)["written"] == {"en": 0}
    assert own.read_bytes() == before
    own.unlink()
    assert recording.say("voice", "clips", "--check", folder).out.splitlines()[1:] == ["missing: A"]


def test_clips_that_can_not_be_written_or_read_are_told(recording: Console, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    assert recording.say("--json", "voice", "clips", file).refusal == "cannot_write"

    (tmp_path / "clips" / "en").mkdir(parents=True)
    (tmp_path / "clips" / "en" / "A.wav").write_text("no sound", encoding="utf-8")

    found = recording.ask("voice", "clips", "--check", tmp_path / "clips")["clips"]["en"]
    assert found["unreadable"] == ["A.wav"]
