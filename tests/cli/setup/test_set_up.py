"""Setting up from scripts what transcripts can't tell: the whole as a file, PINs, sentences, the ticket's design."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from queuedesk.app.main import command_services
from queuedesk.core.setup.sentences import MAY_BE_NONE, MOST_SENTENCES, USUAL
from tests.cli.commands import Console


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
