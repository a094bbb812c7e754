"""The ticket's design from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from queuedesk.app.main import command_services
from tests.cli.commands import Console


@pytest.fixture
def paper(console: Console, qapp: object) -> Console:
    """A console with what prints, on a PC without a printer of its own."""
    console.services = command_services()
    return console


def test_what_is_set_is_shown(paper: Console) -> None:
    usual = paper.ask("ticket-design", "show")
    assert (usual["hidden"], usual["number"], usual["languages"], usual["logo"]) == ([], "large", [], False)
    changed = paper.ask(
        "ticket-design",
        "set",
        "hidden=code,phone",
        "head=欢迎",
        "head_en=Welcome",
        "number=small",
        "languages=zh_CN,en",
    )

    assert (changed["hidden"], changed["head"], changed["head_en"]) == (["code", "phone"], "欢迎", "Welcome")
    assert (changed["number"], changed["languages"]) == ("small", ["zh_CN", "en"])
    assert paper.ask("ticket-design", "show") == changed
    assert "hidden  code,phone" in paper.say("ticket-design", "show").out
    assert paper.ask("ticket-design", "set", "hidden=", "number=large")["hidden"] == []


def test_a_sample_is_drawn_for_both_heads(paper: Console, tmp_path: Path) -> None:
    sizes = []
    for width in ("576", "384"):
        out = tmp_path / f"{width}.png"
        assert paper.ask("ticket-design", "preview", "--out", out, "--width", width) == {"file": str(out)}
        sizes.append(QImage(str(out)).width())
    assert sizes == [576, 384]
    before = QImage(str(tmp_path / "576.png")).height()
    paper.ask("ticket-design", "set", "hidden=papers,steps,code,advice")
    paper.ask("ticket-design", "preview", "--out", tmp_path / "576.png")

    assert QImage(str(tmp_path / "576.png")).height() < before - 200


def test_a_logo_is_taken_from_any_picture_and_taken_away(paper: Console, tmp_path: Path) -> None:
    picture = QImage(900, 300, QImage.Format.Format_RGB32)
    picture.fill(0)
    picture.save(str(tmp_path / "sign.jpg"))
    assert paper.ask("ticket-design", "set", f"logo={tmp_path / 'sign.jpg'}")["logo"] is True
    assert len(paper.ask("setup", "export", tmp_path / "setup.json")) == 1
    assert paper.ask("ticket-design", "set", "logo=")["logo"] is False
    assert paper.refused("ticket-design", "set", f"logo={tmp_path / 'none.png'}") == "no_such_file"


def test_what_can_not_be_drawn_is_refused(paper: Console, tmp_path: Path) -> None:
    assert paper.refused("ticket-design", "set", "number=huge") == "bad_value"
    assert paper.refused("ticket-design", "set", "hidden=number") == "bad_value"
    assert paper.refused("ticket-design", "set", "colour=red") == "bad_value"
    assert paper.say("ticket-design", "preview", "--out", tmp_path / "x.gif").status == 2
    assert paper.say("ticket-design", "preview", "--out", tmp_path / "x.png", "--width", "500").status == 2
