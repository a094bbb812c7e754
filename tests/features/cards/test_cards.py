"""Contingency cards: opened once, ticked by whom and when, ended with a word or by the day's end; the note on one."""

from datetime import timedelta

import pytest

from queuedesk.desk import looking
from queuedesk.features.cards import papers, verbs
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, Hall, make_hall, simple_hall
from tests.reports.read_back import pages_of


@pytest.fixture
def hall(tmp_path):
    return simple_hall(tmp_path)


def opened(hall: Hall, card: str = "system") -> int:
    return int(hall.do("card-start", card, who=MANAGER)["seq"])


@ON_BOTH_ENGINES
def test_what_was_opened_keeps_its_words_whatever_the_set_up_says_later(hall):
    seq = opened(hall)
    hall.do("set-row", "cards", "system", {"name": "Other", "steps": [{"text": "Wait"}]})

    assert verbs.run_of(hall.desk, seq).name_en == "System down"
    card = looking.setup_of(hall.desk).cards["system"]
    assert (card.name, [step.text for step in card.steps]) == ("Other", ["Wait"])
    hall.must_follow_from_its_log()


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

    pages = pages_of(papers.write(hall.desk, seq, tmp_path / "note.pdf", lang=lang, now=hall.clock()))

    assert len(pages) == 1
