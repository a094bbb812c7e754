"""What a finger and an eye need on screens of any size, and what staff are told of one that is too small."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.stations.kiosk.view import MOST, growth, reach
from queuedesk.stations.window.style import screen_width_mm
from tests.hall import at
from tests.stations.kiosk.conftest import UPRIGHT, WIDE
from tests.stations.kiosk.walk import written  # noqa: F401


@pytest.mark.parametrize(("mm_per_px", "expected"), [(0.0, 1.0), (0.5, 1.0), (0.311, 1.0), (0.248, 1.13), (0.12, MOST)])
def test_a_small_screen_is_drawn_larger_as_far_as_words_fit(mm_per_px, expected):
    assert growth(mm_per_px) == pytest.approx(expected, abs=0.01)


def test_a_screen_that_is_too_small_says_from_how_far_it_can_be_read():
    small, large = reach(0.12 * MOST), reach(0.311)

    assert (small.is_enough, small.read_at_mm) == (False, 334)
    assert (large.is_enough, large.read_at_mm) == (True, 667)
    assert (screen_width_mm((340, 190)), screen_width_mm(340), screen_width_mm(None)) == (340, 340, 0)


def test_staff_are_told_of_a_screen_that_is_too_small(make_kiosk, hall, written):  # noqa: F811
    i18n.use("en")
    kiosk = make_kiosk(hall, size=WIDE, screen_mm=476)
    wide = kiosk.view.mm_per_px()
    kiosk.page.resize(*UPRIGHT)
    kiosk.view.set_screen_mm(268)
    assert kiosk.view.mm_per_px() == pytest.approx(wide, rel=0.01), "a resized screen keeps its millimetres"
    assert not kiosk.page.testAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    for width_mm, said in ((190.0, ["Small screen: buttons 17 mm, readable from 490 mm"]), (336.0, [])):
        kiosk.view.set_screen_mm(width_mm)
        assert [entry.text for entry in kiosk.page.menu_entries()] == said

    words, _picture = written(kiosk.page)
    on_page = [one.words for one in words]
    assert {"Pay for electricity", "Change of name, prices, meters", "New supply, more power"} <= set(on_page)
    assert not any("…" in one for one in on_page), "each service is described in one line"


def test_on_a_small_screen_that_reads_aloud_every_english_word_is_whole(make_kiosk, hall, written):  # noqa: F811
    i18n.use("en")
    kiosk = make_kiosk(hall, size=UPRIGHT, screen_mm=130.0, voice=True)
    kiosk.page.show_away(at("9:58"))

    words, _picture = written(kiosk.page)
    texts = [one.words for one in words]
    cut = [text for text in texts if text.endswith("…") and not text.startswith("East City")]
    assert not cut, "but for the hall's own name in the bar"
    assert "member of staff." in " ".join(texts), "the way on stands there whole"
