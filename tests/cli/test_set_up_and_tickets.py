"""What transcripts can't tell of setting up, of the queue's printing, and of the hall's voice and equipment."""

import json
import sqlite3
import wave
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage

from queuedesk.app.main import command_services
from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.sentences import MAY_BE_NONE, MOST_SENTENCES, USUAL
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console
from tests.cli.upkeep.test_keeping import is_whole
from tests.hall import at


def test_a_script_gets_the_facts_unless_it_says_otherwise(bare, tmp_path):
    for facts, papers in (((), 1), (("--facts", "keep"), 1), (("--facts", "drop"), 0)):
        bare.db = tmp_path / f"{'-'.join(facts)}.sqlite"
        bare.ask("init", "--preset", "clinic", *facts)
        bare.ask("setup", "export", tmp_path / "hall.json")
        row = json.loads((tmp_path / "hall.json").read_text(encoding="utf-8"))["services"][0]
        assert (len(row.get("papers") or ()), "suggested" in row) == (papers, False)


def test_export_then_import_gives_an_equal_hall_and_a_file_that_is_too_deep_none(console, bare, tmp_path):
    console.ask("service", "set", "A", "name=交费")
    console.ask("settings", "set", "overnight", "early_place")
    console.ask("hall", "set", "words=window:room,ticket:number")
    console.ask("service", "add", "E", "name=充电桩", "prefix=E")
    console.ask("service", "remove", "E", "--yes")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert console.ask("setup", "export", first) == {"file": str(first)}
    other = Console(tmp_path / "other.sqlite", console.read, console.clock)
    other.ask("setup", "import", first)
    other.ask("setup", "export", second)
    assert json.loads(first.read_text("utf-8")) == json.loads(second.read_text("utf-8"))
    assert [event["kind"] for event in other.log()] == ["set-up"]
    first.write_text("[" * 100_000, encoding="utf-8")
    assert other.refused("setup", "import", first) == "too_large"


def test_a_pin_stands_nowhere_in_clear(console):
    console.ask("--id", "p1", "staff", "set", "AD", "pin=90417263")
    stored = b"".join(file.read_bytes() for file in console.db.parent.iterdir() if file.is_file())
    assert b"90417263" not in stored
    assert "90417263" not in json.dumps(console.log())


@pytest.mark.parametrize("kind", MAY_BE_NONE)
def test_a_hall_may_have_none_of_those_that_customers_read(console: Console, tmp_path: Path, kind: str) -> None:
    for _one in getattr(USUAL, kind):
        left = console.ask("sentence", "remove", kind, "1")
    assert left == {"kind": kind, "usual": False, "sentences": []}
    assert console.ask("sentence", "list", kind)["lists"] == [left]
    exported = tmp_path / "set-up.json"
    console.ask("setup", "export", str(exported))
    assert json.loads(exported.read_text(encoding="utf-8"))["sentences"][kind] is None
    (own,) = console.ask("sentence", "add", kind, "我们自己的")["sentences"]
    assert own["text"] == "我们自己的"
    assert console.ask("sentence", "usual", kind)["usual"] is True


def test_a_full_list_says_which(console: Console) -> None:
    for n in range(MOST_SENTENCES - len(USUAL.help)):
        console.ask("sentence", "add", "help", f"Sentence {n}")
    answer = console.say("sentence", "add", "help", "one too many")
    assert (answer.status, answer.err.strip()) == (1, "List of calls for help is too long; please shorten it.")


def test_a_sample_is_drawn_for_both_heads_and_a_logo_is_taken_from_any_picture_and_taken_away(console, qapp, tmp_path):
    console.services = command_services()
    sizes = []
    for width in ("576", "384"):
        out = tmp_path / f"{width}.png"
        assert console.ask("ticket-design", "preview", "--out", out, "--width", width) == {"file": str(out)}
        sizes.append(QImage(str(out)).width())
    assert sizes == [576, 384]
    before = QImage(str(tmp_path / "576.png")).height()
    console.ask("ticket-design", "set", "hidden=papers,steps,code,advice")
    console.ask("ticket-design", "preview", "--out", tmp_path / "576.png")
    assert QImage(str(tmp_path / "576.png")).height() < before - 200
    picture = QImage(900, 300, QImage.Format.Format_RGB32)
    picture.fill(0)
    picture.save(str(tmp_path / "sign.jpg"))
    assert console.ask("ticket-design", "set", f"logo={tmp_path / 'sign.jpg'}")["logo"] is True
    assert len(console.ask("setup", "export", tmp_path / "setup.json")) == 1
    assert console.ask("ticket-design", "set", "logo=")["logo"] is False
    assert console.refused("ticket-design", "set", f"logo={tmp_path / 'none.png'}") == "no_such_file"


def test_a_printer_prints_and_its_trouble_tells_what_was_done_all_the_same(console):
    printed = []
    done = {"printed": True, "error": None}
    paper = SimpleNamespace(
        print_ticket=lambda day, label: printed.append((str(day), label)) or done,
        print_papers_list=lambda service, item: printed.append((service, item)) or done,
    )
    console.services = replace(console.services, paper=lambda _desk, _clock: paper)
    issued = console.ask("issue", "A", "--print")
    console.ask("not-ready", "B", "--item", "gmgh", "--print")
    assert printed == [(issued["arrived"][:10], "A001"), ("B", "gmgh")]
    refused = {"printed": False, "error": OutsideError("printer_refused", printer="T1")}
    paper = SimpleNamespace(print_papers_list=lambda *_what: refused)
    console.services = replace(console.services, paper=lambda _desk, _clock: paper)
    counted = console.say("not-ready", "B", "--item", "gmgh", "--print")
    assert counted.err == "Counted. The printer T1 did not print: please read the list of papers out.\n"
    assert [event["kind"] for event in console.log()][-1] == "not-ready"


PHONE = "138 0013 8000"


def test_a_reference_stands_nowhere_in_clear_and_is_kept_for_its_day(console: Console) -> None:
    console.ask("settings", "set", "one_number", "on")
    for option, reference in (("--ref", PHONE), ("--person", "13900139000")):
        first = console.ask("issue", "A", option, reference, "--id", f"id{option}")
        assert console.ask("issue", "A", option, reference, "--id", f"id{option}") == first
    with sqlite3.connect(console.db) as file:
        kept = str(file.execute("SELECT command, words, answer FROM commands").fetchall())
        logged = str(file.execute("SELECT data FROM events").fetchall())
    assert "one-number:" in kept
    assert not any(form in kept + logged for form in (PHONE, "13800138000", "13900139000"))
    assert is_whole(console)
    console.ask("day-end")
    with sqlite3.connect(console.db) as file:
        assert file.execute("SELECT count(*) FROM commands WHERE command LIKE 'one-number:%'").fetchone() == (0,)
    assert console.ask("issue", "A", "--ref", PHONE)["ticket"] == "A003"


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
