"""An appointment on paper, and by command: a printer's trouble undoes nothing, and an id remembers nobody."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from queuedesk.app.main import command_services
from queuedesk.core.errors import RuleError
from queuedesk.features.appointments.rules import read_code
from queuedesk.features.appointments.words import WORDS
from queuedesk.i18n import LANGUAGES, say
from queuedesk.printing.outputs import lay_out
from tests.cli.commands import Console
from tests.printing import slips
from tests.printing.slips import words


def test_an_appointment_names_its_time_and_nobody(qapp: object) -> None:
    said = words(lay_out(slips.ALL["appointment_zh"]))

    assert {"预约单", "2026年11月24日 周二", "14:30", "214", "3–6 号窗口"} <= set(said)
    assert "预约保留到 14:45。" in "".join(said)
    assert read_code(slips.ALL["appointment_zh"].qr_text) == ("CD", slips.ALL["appointment_zh"].at.date(), 214)
    others = "", "QA1 CD 2026-11-24", "QA1 CD 24.11. 214", "QA1 CD 2026-11-24 x", "QD1 a b c"
    assert [read_code(text) for text in others] == [None] * len(others)


def test_it_is_printed_or_drawn_and_stands_though_nothing_prints_it(
    console: Console, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.services = command_services()
    kept = console.ask("appointment", "add", "A", "--at", "14:30", "--ref", "2026-118")
    out = tmp_path / "appointment.png"
    assert console.ask("print-appointment", kept["appointment"], "--out", out) == {"file": str(out)}
    assert QImage(str(out)).width() == 576
    assert console.refused("print-appointment", "9999", "--out", out) == "not_there"

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    console.ask("printer", "choose", "none:")
    answer = console.say("--json", "appointment", "add", "A", "--at", "14:30", "--print")
    assert (answer.status, answer.document["state"]) == (0, "booked")
    assert "No printer" in answer.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_is_a_whole_sentence(lang: str) -> None:
    told = {"time": "10:30", "date": "2026-11-19", "ref": "R-17", "ticket": "B031", "appointment": 7}
    states = [{"state": state} for state in ("came", "cancelled", "gone")]
    said = [say(RuleError(code, **told, **state), lang) for code in WORDS.refusals for state in states]
    assert len(set(said)) == len(WORDS.refusals) + 2
    assert not any(sign in sentence for sentence in said for sign in ("{", "}", "None"))


def test_an_id_remembers_nobody(console: Console):
    words = ("--id", "k1", "appointment", "add", "B", "--at", "10:10", "--name", "Hu Min", "--contact", "555 0134")
    assert console.ask(*words) == console.ask(*words)
    assert console.refused(*words[:-1], "555 9999") == "id_used"
    console.ask("--id", "k2", "opinion", "2", "--comment", "the queue was slow")

    with closing(sqlite3.connect(console.db)) as database:
        kept = str(database.execute("SELECT words, answer FROM commands").fetchall())
    assert "appointment" in kept
    assert not any(told in kept for told in ("Hu Min", "555", "slow"))
