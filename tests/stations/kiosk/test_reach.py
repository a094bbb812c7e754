"""What a finger and an eye need, on every page, in both languages: keys and letters as they are painted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest
from PySide6.QtCore import Qt

from queuedesk import i18n
from queuedesk.stations.kiosk.view import CAPITAL_EM, CAPITAL_MM, MOST, growth, reach
from queuedesk.stations.window.style import FINGER_MM, screen_width_mm
from tests.every_day import paired
from tests.hall import at
from tests.stations.kiosk.conftest import SMALL, UPRIGHT, WIDE
from tests.stations.kiosk.test_layout import keys, must_be_well_laid
from tests.stations.kiosk.walk import pages, written  # noqa: F401
from tests.stations.whole_words import cut, drawn, outside, overlapping, settled

# A screen and its width: 27" upright, 21.5" upright and lying, 19.5" lying on a small PC.
SCREENS = [(UPRIGHT, 336.0), (UPRIGHT, 268.0), (WIDE, 476.0), (SMALL, 432.0)]


@pytest.mark.parametrize(("screen", "lang"), paired(SCREENS, ["en", "zh_CN"]))
def test_every_key_suits_a_finger_and_every_letter_the_eye(make_kiosk, hall, written, screen, lang):  # noqa: F811
    i18n.use(lang)
    size, width_mm = screen
    kiosk = make_kiosk(hall, size=size, screen_mm=width_mm)
    mm = width_mm / size[0]
    for page in pages(kiosk):
        must_be_well_laid(kiosk)
        for key in keys(kiosk):
            least = min(key.width(), key.height()) * mm
            assert least >= FINGER_MM - mm, (page, key.text(), round(least, 1))
        words, _picture = written(kiosk.page)
        assert words, page
        for one in words:
            assert one.px * CAPITAL_EM * mm >= CAPITAL_MM - 0.1, (page, one.words, round(one.px * mm, 1))


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)])
def test_on_a_laptop_of_14_inches_no_word_is_cut(make_kiosk, hall, size):
    i18n.use("en")
    kiosk = make_kiosk(hall, size=size, screen_mm=size[0] * 310 / 1366)
    found = {}
    for page in chain(pages(kiosk), missed(kiosk)):
        settled()
        seen = drawn(kiosk.page)
        found[page] = [*cut(seen, ()), *overlapping(seen), *outside(seen)]

    assert {page: wrong for page, wrong in found.items() if wrong} == {}


def missed(kiosk) -> Iterator[str]:
    """Show a ticket that missed its call."""
    label = kiosk.hall.call("6")
    kiosk.hall.do("miss", "6")
    kiosk.follow()
    kiosk.does.home()
    kiosk.side("where")
    kiosk.pad(label)
    yield f"where, missed {label}"


@pytest.mark.parametrize(("mm_per_px", "expected"), [(0.0, 1.0), (0.5, 1.0), (0.311, 1.0), (0.248, 1.13), (0.12, MOST)])
def test_a_small_screen_is_drawn_larger_as_far_as_words_fit(mm_per_px, expected):
    assert growth(mm_per_px) == pytest.approx(expected, abs=0.01)


def test_a_screen_that_is_too_small_says_from_how_far_it_can_be_read():
    small, large = reach(0.12 * MOST), reach(0.311)

    assert (small.is_enough, small.read_at_mm) == (False, 334)
    assert (large.is_enough, large.read_at_mm) == (True, 667)
    assert (screen_width_mm((340, 190)), screen_width_mm(340), screen_width_mm(None)) == (340, 340, 0)


def test_a_resized_screen_keeps_its_millimetres(make_kiosk, hall):
    kiosk = make_kiosk(hall, size=WIDE, screen_mm=476)
    wide = kiosk.view.mm_per_px()
    kiosk.page.resize(*UPRIGHT)
    kiosk.view.set_screen_mm(268)

    assert kiosk.view.mm_per_px() == pytest.approx(wide, rel=0.01)
    assert not kiosk.page.testAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)


@pytest.mark.parametrize(
    ("width_mm", "said"), [(190.0, ["Small screen: buttons 17 mm, readable from 490 mm"]), (336.0, [])]
)
def test_staff_are_told_of_a_screen_that_is_too_small(make_kiosk, hall, width_mm, said):
    kiosk = make_kiosk(hall, screen_mm=width_mm)

    assert [entry.text for entry in kiosk.page.menu_entries()] == said


def test_on_a_small_screen_that_reads_aloud_every_english_word_is_whole(make_kiosk, hall, written):  # noqa: F811
    i18n.use("en")
    kiosk = make_kiosk(hall, size=UPRIGHT, screen_mm=130.0, voice=True)
    kiosk.page.show_away(at("9:58"))

    words, _picture = written(kiosk.page)
    texts = [one.words for one in words]
    cut = [text for text in texts if text.endswith("…") and not text.startswith("East City")]
    assert not cut, "but for the hall's own name in the bar"
    assert "member of staff." in " ".join(texts), "the way on stands there whole"


def test_a_service_is_described_in_one_line(make_kiosk, hall, written):  # noqa: F811
    i18n.use("en")
    kiosk = make_kiosk(hall, size=UPRIGHT)
    words, _picture = written(kiosk.page)
    said = [one.words for one in words]

    assert {"Pay for electricity", "Change of name, prices, meters", "New supply, more power"} <= set(said)
    assert not any("…" in one for one in said)
