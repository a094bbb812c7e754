"""A ticket's story on paper: every event of the log, the check of it, and nothing that somebody wrote in free words."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import calling, issuing, opening, rating
from queuedesk.reports.papers import tickets
from tests.reports.days import DAY, NEXT_MORNING, NINE, asked, eventful, hall
from tests.reports.figures.test_day import text_of
from tests.reports.read_back import english

WRITTEN = "Ms. Li of Elm Road, 13800001111"


def printed(desk: Desk, folder: Path, label: str, lang: str = "en", **wished: Any) -> str:
    """Return the text of a story's PDF."""
    now = wished.pop("now", NEXT_MORNING)
    return text_of(tickets.write(desk, DAY, label, folder / f"{label}-{lang}.pdf", lang=lang, now=now, **wished))


def test_every_event_stands_there_with_time_words_and_seq(tmp_path):
    desk = eventful(tmp_path)
    _, events = looking.history(desk, DAY, "B001")

    page = printed(desk, tmp_path, "B001", printed_by="M1")

    for words in (
        "East City Power Service Hall",
        "B001",
        "Finished",
        "Thursday 19 November 2026",
        "Set aside 3:00",
        "Estimated up to 5 min, it was 31 min",
        "09:00:30 Estimate given 2 people ahead, up to 5 min",
        "Wrong window Window 3, Wang Fang · to C New connection · by the original arrival",
        "09:44:00 Set aside Copying or filling in a form",
        "handling 2 min 30 s",
        "Printed 20 Nov 8:05 by Zhao Qiang · QueueDesk",
    ):
        assert words in page
    seqs = {int(found) for found in re.findall(r" (\d+)(?= \d\d:\d\d:\d\d)", page)}
    assert {event.seq for event in events[:-1]} <= seqs


def test_the_check_of_the_log_names_seqs_and_hash(tmp_path):
    desk = eventful(tmp_path)
    _, events = looking.history(desk, DAY, "B001")

    page = printed(desk, tmp_path, "B001")

    first, last = events[0], events[-1]
    assert f"Log {first.seq}–{last.seq}, {len(events)} entries: checked, complete and unchanged" in page
    assert f"SHA-256 of the last: {last.hash}" in page


def test_a_changed_log_is_named_on_paper(tmp_path):
    desk = eventful(tmp_path)
    _, events = looking.history(desk, DAY, "B001")
    with sqlite3.connect(tmp_path / "hall.sqlite") as file:
        file.execute("UPDATE events SET actor = 'somebody' WHERE seq = ?", (events[2].seq,))
    file.close()

    assert f"it does not hold at entry {events[2].seq}; somebody changed it" in printed(desk, tmp_path, "B001")


def test_the_story_is_chinese_in_a_chinese_hall(tmp_path):
    page = printed(eventful(tmp_path), tmp_path, "A001", "zh_CN", printed_by="M1")

    for words in (
        "城东供电营业厅",
        "号票经过",
        "办结",
        "电费缴纳",
        "告诉客户",
        "走到窗口 30 秒",
        "不满意",
        "等得太久",
        "校验完整",
    ):
        assert words in page
    assert english(page) == []


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_what_somebody_wrote_is_not_printed(tmp_path, lang):
    desk = hall(tmp_path)
    opening.open_window(desk, asked(NINE), "1", staff="C1")
    issuing.issue(desk, asked(NINE), "A")
    calling.call(desk, asked(NINE), "1", ticket="A001", reason=WRITTEN)
    calling.start(desk, asked(NINE), "1")
    calling.park(desk, asked(NINE), "1", reason=WRITTEN)
    calling.unpark(desk, asked(NINE), "1", "A001")
    calling.finish(desk, asked(NINE), "1", note=WRITTEN)
    rating.rate(desk, asked(NINE), "A001", 1)
    rating.add_reasons(desk, asked(NINE), "A001", tags=["waited_long"], comment=WRITTEN)

    page = printed(desk, tmp_path, "A001", lang)

    assert "13800001111" not in page and "Elm" not in page
    token = looking.find_ticket(desk, DAY, "A001").token
    assert token not in page
    expected = {
        "en": ("another reason, written in the log", "with a note", "Waited too long", "with a comment"),
        "zh_CN": ("另有原因，写在记录里", "有备注", "等得太久", "有留言"),
    }
    assert [words for words in expected[lang] if words not in page] == []


def test_an_open_ticket_says_until_when(tmp_path):
    desk = hall(tmp_path)
    issuing.issue(desk, asked(NINE), "A")

    page = printed(desk, tmp_path, "A001", now=NINE.replace(minute=12))

    assert "Waiting · until 9:12" in page
    assert "No estimate was given; 12 min so far" in page


def test_a_long_story_goes_on_over_pages_under_the_same_titles(tmp_path):
    desk = hall(tmp_path)
    opening.open_window(desk, asked(NINE), "1", staff="C1")
    issuing.issue(desk, asked(NINE), "A")
    calling.call(desk, asked(NINE), "1", ticket="A001")
    calling.start(desk, asked(NINE), "1")
    for _ in range(25):
        calling.park(desk, asked(NINE), "1", reason="copying")
        calling.unpark(desk, asked(NINE), "1", "A001")

    page = printed(desk, tmp_path, "A001")

    assert page.count("What happened") == 2
    assert page.count("Copying or filling in a form") == 25
    assert "2 / 2" in page


def test_an_unknown_ticket_is_refused_and_leaves_no_file(tmp_path):
    with pytest.raises(RuleError) as refused:
        printed(hall(tmp_path), tmp_path, "A001")

    assert refused.value.code == "unknown_ticket"
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    desk = eventful(tmp_path)

    with pytest.raises(OutsideError) as refused:
        tickets.write(desk, DAY, "A001", tmp_path / "nowhere" / "a.pdf", lang="en", now=NEXT_MORNING)

    assert refused.value.code == "cannot_write"
