"""Words that do not fit are cut or wrapped the way a Chinese reader expects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF

from queuedesk.i18n.line_breaks import NEVER_FIRST, NEVER_LAST, pieces
from queuedesk.stations.widgets.paint import elide, fit_px, width_of, wrap
from queuedesk.stations.window.fonts import font_of, load_fonts

WORDS = st.text(alphabet="电费缴纳，。、（）「」？ab 12–-\u2060", max_size=60)


@pytest.fixture(autouse=True)
def _fonts(qapp):
    load_fonts()


@given(WORDS)
def test_pieces_joined_are_the_text(text):
    assert "".join(pieces(text)) == text


def test_an_opening_bracket_goes_with_what_follows_its_spaces():
    assert pieces("面（ 11）") == ["面", "（ 11）"]


def test_no_chinese_character_stands_alone_on_the_last_line():
    assert pieces("先办") == ["先办"]
    assert pieces("后面一位先办。")[-2:] == ["位", "先办。"]


def test_a_date_or_month_stays_whole():
    assert pieces("in 2011-07 (95.7) by A-B") == ["in ", "2011-07 ", "(95.7) ", "by ", "A-", "B"]


@given(WORDS, st.integers(120, 400))
def test_no_line_starts_with_a_mark_or_ends_with_a_bracket(text, width):
    font = font_of(17)
    lines = wrap(font, text, width, 99)
    whole = [line for line in lines if not line.endswith("…")]

    assert not any(
        line[0] in NEVER_FIRST for line in lines[1:] if line and text[0] not in NEVER_FIRST and _parted(text)
    )
    assert not any(line[-1] in NEVER_LAST for line in whole[:-1] if line)
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= width + 0.5 for line in lines)


def _parted(text: str) -> bool:
    """Tell whether no run of marks alone stands between places where a line may end."""
    return not any(piece and piece[0] in NEVER_FIRST for piece in pieces(text))


def test_a_mark_goes_with_the_character_before_it():
    font = font_of(20)
    width = QFontMetricsF(font).horizontalAdvance("请带好您的证件")

    assert wrap(font, "请带好您的证件，慢走。", width) == ["请带好您的证", "件，慢走。"]


def test_a_range_and_its_unit_stay_whole():
    font = font_of(20)
    width = QFontMetricsF(font).horizontalAdvance("大约再等 7–")

    assert wrap(font, "大约再等 7\u2060–\u206015 分钟", width)[1].startswith("7\u2060–\u206015")


def test_what_does_not_fit_in_two_lines_ends_in_dots():
    lines = wrap(font_of(20), "Distributed solar connection and metering works in the whole district", 200)

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert lines[0] + " " + lines[1][:-1] in "Distributed solar connection and metering works"


def test_a_line_end_given_is_kept():
    assert wrap(font_of(20), "一\n二", 400) == ["一", "二"]


def test_a_short_text_is_left_alone():
    assert elide(font_of(20), "业务办理", 200) == "业务办理"
    assert elide(font_of(20), "业务办理", 50).endswith("…")


def test_a_headline_shrinks_to_its_room_and_no_further():
    assert fit_px("B031", 10_000, 200, bold=True) == 200
    assert QFontMetricsF(font_of(fit_px("B031", 300, 200, bold=True), bold=True)).horizontalAdvance("B031") <= 305
    assert fit_px("B031", 1, 200, bold=True, least=60) == 60


def test_the_same_words_are_measured_once_and_anew_in_any_other_font():
    text, font = "111 people, measured once", font_of(17)
    width = width_of(font, text)
    measured = width_of.cache_info().misses

    assert width_of(font_of(17), text) == width
    assert width_of.cache_info().misses == measured
    lines = wrap(font, text, width / 2, 9)
    font.setPixelSize(34)
    for other in (font, font_of(17, bold=True), font_of(17, tabular=True)):
        assert width_of(other, text) == QFontMetricsF(other).horizontalAdvance(text) != width
    assert wrap(font, text, width / 2, 9) != lines == wrap(font_of(17), text, width / 2, 9)
