"""Contingency cards: opened once, ticked by whom and when, ended with a word or by the day's end; the note on one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.features.cards import papers, verbs
from queuedesk.features.cards.rules import open_runs
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, clerk, make_hall, simple_hall
from tests.reports.read_back import text_of


@pytest.fixture
def hall(tmp_path):
    return simple_hall(tmp_path)


def opened(hall: Hall, card: str = "system") -> int:
    return int(hall.do("card-start", card, who=MANAGER)["seq"])


def test_a_hall_that_wrote_none_has_the_usual_four(hall):
    cards = looking.setup_of(hall.desk).cards

    assert list(cards) == ["crowd", "system", "dispute", "power"]
    assert all(step.text and step.text_en for card in cards.values() for step in card.steps)


def test_who_ticked_which_step_when(hall):
    seq = opened(hall)
    hall.clock.move(minutes=2)
    hall.do("card-tick", seq, 2, who=GUIDE)

    document = hall.do("card-tick", seq, 1, who=MANAGER)

    assert [(s["done"], s["by"]) for s in document["steps"]][:3] == [
        ("2026-11-20T09:02:00+08:00", "M1"),
        ("2026-11-20T09:02:00+08:00", "G1"),
        (None, None),
    ]


def test_a_card_is_open_once(hall):
    seq = opened(hall)

    with pytest.raises(RuleError) as refused:
        opened(hall)

    assert (refused.value.code, refused.value.details["seq"]) == ("card_open", seq)
    assert opened(hall, "power") > seq


def test_a_tick_is_made_once_and_can_be_taken_back(hall):
    seq = opened(hall)
    hall.do("card-tick", seq, 3)
    with pytest.raises(RuleError, match="step_done"):
        hall.do("card-tick", seq, 3)

    assert hall.do("card-untick", seq, 3)["steps"][2]["done"] is None

    with pytest.raises(RuleError, match="step_not_done"):
        hall.do("card-untick", seq, 3)


@pytest.mark.parametrize("step", [0, 8, -1])
def test_a_step_that_is_not_there(hall, step):
    with pytest.raises(RuleError, match="not_there"):
        hall.do("card-tick", opened(hall), step)


def test_what_is_over_changes_no_more(hall):
    seq = opened(hall)
    hall.clock.move(minutes=30)
    document = hall.do("card-end", seq, note=" The line was cut. ")
    assert (document["end"], document["note"]) == ("done", "The line was cut.")

    for verb, *words in (("card-tick", 1), ("card-untick", 1), ("card-end",)):
        with pytest.raises(RuleError, match="not_there"):
            hall.do(verb, seq, *words)


def test_a_note_has_an_end(hall):
    with pytest.raises(RuleError, match="bad_value"):
        hall.do("card-end", opened(hall), note="x" * 401)


@ON_BOTH_ENGINES
def test_a_clerk_reads_it_and_does_not_open_it(hall):
    with pytest.raises(RuleError, match="not_your_role"):
        hall.do("card-start", "power", who=clerk("C1"))


def test_the_days_end_ends_it(hall):
    seq = opened(hall)
    hall.clock.move(days=1)
    hall.issue("A")

    run = verbs.run_of(hall.desk, seq)
    assert run.end == "day_end"
    assert open_runs(looking.hall_now(hall.desk, hall.clock()).card_runs.values()) == []
    hall.must_follow_from_its_log()


def test_a_day_ended_by_hand_ends_it_though_nothing_else_is_open(hall):
    seq = opened(hall)
    hall.clock.move(minutes=5)
    hall.do("day-end")

    assert verbs.run_of(hall.desk, seq).end == "day_end"


@ON_BOTH_ENGINES
def test_what_was_opened_keeps_its_words_whatever_the_set_up_says_later(hall):
    seq = opened(hall)
    hall.do("set-row", "cards", "system", {"name": "Other", "steps": [{"text": "Wait"}]})

    assert verbs.run_of(hall.desk, seq).name_en == "System down"
    card = looking.setup_of(hall.desk).cards["system"]
    assert (card.name, [step.text for step in card.steps]) == ("Other", ["Wait"])
    hall.must_follow_from_its_log()


def test_a_hall_writes_and_removes_its_own(hall):
    hall.do(
        "add-row", "cards", {"code": "flood", "name": "Flood", "steps": [{"text": "Up the stairs", "role": "guide"}]}
    )
    hall.do("remove-row", "cards", "dispute")

    assert list(looking.setup_of(hall.desk).cards) == ["crowd", "system", "power", "flood"]
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"code": "x", "name": "X"}, "cards.x.steps"),
        ({"code": "x", "name": "", "steps": [{"text": "a"}]}, "cards.x.name"),
        ({"code": "x", "name": "X", "steps": [{"text": " "}]}, "cards.x.steps.1.text"),
        ({"code": "x", "name": "X", "steps": [{"text": "a", "role": "cook"}]}, "cards.x.steps.1.role"),
        ({"code": "x", "name": "X", "steps": [{"text": "a" * 101}]}, "cards.x.steps.1.text"),
        ({"code": "x", "name": "X", "steps": [{"text": "a"}] * 13}, "cards.x.steps"),
    ],
)
def test_a_card_nobody_could_work_by_is_refused(hall, row, field):
    with pytest.raises(RuleError) as refused:
        hall.do("add-row", "cards", row)

    assert refused.value.details["field"] == field


def test_what_is_next_for_whom(hall):
    run = verbs.run_of(hall.desk, opened(hall, "system"))

    assert [run.next_for(role) for role in ("guide", "clerk", "manager")] == [4, 1, 1]
    done = run.ticked(1, run.started + timedelta(minutes=1), "C1").ticked(6, run.started, "C1")
    assert [done.next_for(role) for role in ("guide", "clerk", "manager")] == [4, None, 2]


# -- the note on one ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", ["crowd", "system", "dispute", "power"])
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_usual_card_is_one_page(tmp_path, card, lang):
    hall = make_hall(tmp_path, time="9:00")
    seq = opened(hall, card)
    hall.do("card-end", seq, note="经过很长。" * 66)

    pages, _text = text_of(papers.write(hall.desk, seq, tmp_path / "note.pdf", lang=lang, now=hall.clock()))

    assert pages == 1


def test_the_note_says_who_did_what_when(tmp_path):
    hall = make_hall(tmp_path, time="9:00")
    seq = opened(hall, "system")
    hall.clock.move(minutes=4)
    hall.do("card-tick", seq, 1, who=GUIDE)
    hall.clock.move(minutes=20)
    hall.do("card-end", seq, note="The line was cut.", who=MANAGER)

    _pages, text = text_of(papers.write(hall.desk, seq, tmp_path / "note.pdf", lang="en", now=hall.clock()))

    assert "System down" in text and "Opened at 9:00 by Zhao Qiang" in text
    assert "ended at 9:24 by Zhao Qiang, after 24 min" in text
    assert "1 of 7 steps ticked" in text and "The line was cut." in text
    assert text.count("not ticked") == 6

    # One that was never opened has none.
    with pytest.raises(RuleError, match="not_there"):
        papers.write(hall.desk, 77, tmp_path / "none.pdf", lang="en", now=hall.clock())
    assert not (tmp_path / "none.pdf").exists()
