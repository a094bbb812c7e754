"""What the command line tells of the hall's voice and of its equipment."""

import wave
from pathlib import Path

from queuedesk.app.main import command_services
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console
from tests.hall import at


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
    announcing.record_call_shown(desk, seqs[0], "display", at("10:00:01"))
    spoken = {"link": "clips", "text": "请 A001 号到 1 号窗口。", "sound_ms": 7400, "delay_ms": 600}
    announcing.record_call_announcement_result(desk, seqs[0], "display", at("10:00:09"), **spoken)
    announcing.record_call_announcement_result(
        desk, seqs[1], "display", at("10:00:20"), link=None, text="…", cause="too_many"
    )
    db.dispose()
    first, second = console.ask("voice", "log", "--date", "2026-11-20")["announcements"]
    assert list(first.items()) == [
        *(("seq", seqs[0]), ("kind", "call"), ("ticket", "A001"), ("window", "1")),
        *(("shown", "2026-11-20T10:00:01+08:00"), ("spoken", "2026-11-20T10:00:09+08:00"), ("station", "display")),
        *spoken.items(),
        ("cause", None),
    ]
    assert (second["spoken"], second["link"], second["cause"]) == (None, "none", "too_many")
    assert console.say("voice", "log").out.splitlines() == [
        f"{seqs[0]}  A001, window 1  shown 10:00:01  said 10:00:09  recorded clips  0.6 s after the picture  7.4 s  请 A001 号到 1 号窗口。",
        f"{seqs[1]}  A002, window 2  not shown  silent: too many calls at once  …",
    ]


def test_a_trial_writes_the_sound_and_says_who_spoke(console: Console, tmp_path: Path) -> None:
    console.services, file = command_services(), tmp_path / "call.wav"
    answer = console.ask("voice", "try", "--ticket", "a17", "--window", "2", "--at", "18:30", "--out", file)
    assert "A017" in answer["texts"]["zh_CN"]
    assert "window 2" in answer["texts"]["en"]
    assert set(answer["links"]) == {"zh_CN", "en"}
    with wave.open(str(file)) as sound:
        assert round(sound.getnframes() / sound.getframerate(), 1) == round(answer["sound_ms"] / 1000, 1)


def test_a_starter_set_is_written_once_leaves_what_is_there_and_what_can_not_be_read_is_told(console, tmp_path) -> None:
    console.services = command_services()
    console.ask("voice", "set", "languages=en", "call.en={ticket}")  # so that few words are needed
    folder = tmp_path / "clips"
    own = folder / "en" / "A.wav"
    lacking = console.ask("voice", "clips", "--check", folder)["clips"]["en"]
    assert lacking["there"] == []
    assert {"A", "0", "20", "90"} <= set(lacking["missing"])
    assert console.ask("voice", "clips", folder)["written"] == {"en": len(lacking["missing"])}
    assert console.ask("voice", "clips", "--check", folder)["clips"]["en"]["missing"] == []
    before = own.read_bytes()
    assert console.ask("voice", "clips", folder)["written"] == {"en": 0}
    assert own.read_bytes() == before
    own.unlink()
    assert console.say("voice", "clips", "--check", folder).out.splitlines()[1:] == ["missing: A"]
    own.write_text("no sound", encoding="utf-8")
    found = console.ask("voice", "clips", "--check", folder)["clips"]["en"]
    assert found["unreadable"] == ["A.wav"]
