import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.printing.slip_painter import wrap, wrap_evenly, wrap_sentence


def measure(text: str) -> float:
    """A Chinese character is two wide, a Latin one; the word joiner nothing."""
    return sum(0 if char == "\u2060" else 2 if char >= "\u2e80" else 1 for char in text)


def test_english_breaks_between_words():
    assert wrap("Change of account holder", measure, 12) == ["Change of", "account", "holder"]


def test_chinese_breaks_anywhere_but_before_a_closing_mark():
    assert wrap("过号请回引导台，不用", measure, 14) == ["过号请回引导", "台，不用"]


def test_an_opening_mark_goes_with_what_follows():
    assert wrap("企业更名（含电费）", measure, 10) == ["企业更名", "（含电费）"]


def test_a_range_stays_whole():
    assert wrap("大约等 20\u2060–\u206030 分", measure, 10) == ["大约等", "20\u2060–\u206030 分"]


def test_a_word_longer_than_the_line_is_cut():
    assert wrap("abcdefgh", measure, 3) == ["abc", "def", "gh"]


def test_no_text_is_one_empty_line():
    assert wrap("", measure, 10) == [""]


def test_even_lines_leave_no_lone_word():
    assert wrap("one two three four", measure, 14) == ["one two three", "four"]
    assert wrap_evenly("one two three four", measure, 14) == ["one two", "three four"]


def test_a_sentence_breaks_where_a_clause_ends():
    assert wrap_sentence("过号请回引导台，不用重新取号。", measure, 24) == ["过号请回引导台，", "不用重新取号。"]


def test_a_sentence_takes_no_line_more_for_its_clauses():
    assert wrap_sentence("a, bcd efg hij, k", measure, 12) == ["a, bcd efg", "hij, k"]


WORDS = st.text(alphabet="ab c，。（）,·\u2060号窗口", max_size=40)


@pytest.mark.parametrize("breaker", [wrap, wrap_evenly, wrap_sentence])
@given(text=WORDS, width=st.integers(min_value=4, max_value=30))
def test_every_line_fits_and_no_character_is_lost(breaker, text, width):
    lines = breaker(text, measure, width)

    assert all(measure(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
