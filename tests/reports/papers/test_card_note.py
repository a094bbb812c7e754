"""The note on an opened card: one page, with who ticked what and what was written down."""

from __future__ import annotations

import pypdfium2
import pytest

from queuedesk.core.errors import RuleError
from queuedesk.reports.papers import card_note
from tests.hall import GUIDE, MANAGER, make_hall


def text_of(path):
    pages = pypdfium2.PdfDocument(path)
    return len(pages), "\n".join(page.get_textpage().get_text_range() for page in pages)


@pytest.fixture
def hall(tmp_path):
    return make_hall(tmp_path, time="9:00")


def opened(hall, card):
    return hall.do("card-start", card, who=MANAGER)["seq"]


@pytest.mark.parametrize("card", ["crowd", "system", "dispute", "power"])
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_usual_card_is_one_page(hall, tmp_path, card, lang):
    seq = opened(hall, card)
    hall.do("card-end", seq, note="经过很长。" * 66)

    pages, _text = text_of(card_note.write(hall.desk, seq, tmp_path / "note.pdf", lang=lang, now=hall.clock()))

    assert pages == 1


def test_it_says_who_did_what_when(hall, tmp_path):
    seq = opened(hall, "system")
    hall.clock.move(minutes=4)
    hall.do("card-tick", seq, 1, who=GUIDE)
    hall.clock.move(minutes=20)
    hall.do("card-end", seq, note="The line was cut.", who=MANAGER)

    _pages, text = text_of(card_note.write(hall.desk, seq, tmp_path / "note.pdf", lang="en", now=hall.clock()))

    assert "System down" in text and "Opened at 9:00 by Zhao Qiang" in text
    assert "ended at 9:24 by Zhao Qiang, after 24 min" in text
    assert "1 of 7 steps ticked" in text and "The line was cut." in text
    assert text.count("not ticked") == 6


def test_a_card_that_was_never_opened_has_no_note(hall, tmp_path):
    with pytest.raises(RuleError, match="not_there"):
        card_note.write(hall.desk, 77, tmp_path / "note.pdf", lang="en", now=hall.clock())
    assert not (tmp_path / "note.pdf").exists()
