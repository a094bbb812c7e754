"""A ticket's story on paper: every event of the log, the check of it, and nothing that somebody wrote in free words."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.reports.papers import tickets
from tests.golden.kept import must_be_kept
from tests.reports.days import DAY, NEXT_MORNING, NINE, at_nine, eventful, hall
from tests.reports.read_back import raw_pages, text_of

WRITTEN = "Ms. Li of Elm Road, 13800001111"
INSTEAD = {
    "en": ("another reason, written in the log", "with a note", "Waited too long", "with a comment"),
    "zh_CN": ("另有原因，写在记录里", "有备注", "等得太久", "有留言"),
}


def printed(desk: Desk, folder: Path, label: str, lang: str = "en", **wished: Any) -> str:
    file, wished = folder / f"{label}-{lang}.pdf", {"now": NEXT_MORNING} | wished
    return text_of(tickets.write_ticket_history_pdf(desk, DAY, label, file, lang=lang, **wished))


@pytest.mark.parametrize(("label", "lang"), [("B001", "en"), ("A001", "zh_CN")])
def test_a_story_tells_every_event_with_its_time_and_seq_and_the_check_of_the_log(tmp_path, label, lang):
    path = tmp_path / "story.pdf"
    tickets.write_ticket_history_pdf(eventful(tmp_path), DAY, label, path, lang=lang, now=NEXT_MORNING, printed_by="M1")
    must_be_kept(Path(__file__).with_name("golden") / f"history-{label}-{lang}.txt", "\n".join(raw_pages(path)))


def test_a_changed_log_is_named_on_paper(tmp_path):
    desk = eventful(tmp_path)
    _, events = looking.ticket_with_events(desk, DAY, "B001")
    with sqlite3.connect(tmp_path / "hall.sqlite") as file:
        file.execute("UPDATE events SET actor = 'somebody' WHERE seq = ?", (events[2].seq,))
    file.close()
    assert f"it does not hold at entry {events[2].seq}; somebody changed it" in printed(desk, tmp_path, "B001")


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_what_somebody_wrote_is_not_printed(tmp_path, lang):
    desk = hall(tmp_path)
    people = at_nine(desk)
    people.play("open 1 staff=C1", "issue A")
    people.do("call", "1", ticket="A001", reason=WRITTEN)
    people.do("start", "1")
    people.do("park", "1", reason=WRITTEN)
    people.do("unpark", "1", "A001")
    people.do("finish", "1", note=WRITTEN)
    people.do("rate", "A001", 1)
    people.do("reasons", "A001", tags=["waited_long"], comment=WRITTEN)
    page = printed(desk, tmp_path, "A001", lang)
    token = looking.find_ticket(desk, DAY, "A001").token
    assert not [secret for secret in ("13800001111", "Elm", token) if secret in page]
    assert [words for words in INSTEAD[lang] if words not in page] == []


def test_an_open_ticket_says_until_when(tmp_path):
    desk = hall(tmp_path)
    at_nine(desk).issue("A")
    page = printed(desk, tmp_path, "A001", now=NINE.replace(minute=12))
    assert "Waiting · until 9:12" in page
    assert "No estimate was given; 12 min so far" in page


def test_a_long_story_goes_on_over_pages_under_the_same_titles(tmp_path):
    desk = hall(tmp_path)
    set_aside = ["park 1 reason=copying", "unpark 1 A001"] * 25
    at_nine(desk).play("open 1 staff=C1", "issue A", "call 1", "start 1", *set_aside)
    page = printed(desk, tmp_path, "A001")
    assert page.count("What happened") == 2
    assert page.count("Copying or filling in a form") == 25
    assert "2 / 2" in page


def test_what_cannot_be_written_is_refused_and_leaves_no_file(tmp_path):
    with pytest.raises(RuleError, match="unknown_ticket"):
        printed(hall(tmp_path), tmp_path, "A001")
    assert list(tmp_path.glob("*.pdf")) == []
    with pytest.raises(OutsideError, match="cannot_write"):
        printed(eventful(tmp_path), tmp_path / "nowhere", "A001")
