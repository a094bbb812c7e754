"""A hall's own words for windows and tickets, in every text of both languages."""

import re
from functools import cache

import pytest

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from queuedesk.core.setup.hall import WORDS
from queuedesk.core.setup.hall_words import AS_NUMBERS, CHINESE, CHOICES, COMPUTER, text_with_hall_words
from queuedesk.i18n import LANGUAGES, _, choose_language, error_sentence, n_, tr, use_hall_words
from queuedesk.i18n.names import window_name
from scripts import build_texts

ROOMS = ("room", "number")
STATION = {
    "Counter",
    "At the counter",
    "Open counter {window}",
    "Front desk, counter, lobby board, and all screens for customers.",
    "Front desk and counters may keep a note on a customer who agreed, until a date.",
    "Front desk and counters keep one under ⋯ for a customer who agrees to it.",
    "Always there: tickets, counters, display, voice, rating, the day's report, complaints. Nothing is lost when you switch one off.",
    "counter, manager",
    "front desk, counter, manager",
    'this has to be a text between quotation marks, such as "counter".',
    'this is no line of TOML; a line is such as station = "counter".',
}
"""Texts that name the station at a window."""
FIELD = re.compile(r"\{[^{}]*\}")
LEFT_EN = re.compile(r"(?<![\w-])(window|counter|ticket)s?(?![\w-])", re.IGNORECASE)
LEFT_ZH = re.compile("窗口|号票|票号")
BROKEN_EN = re.compile(
    r"\b(numbers?('s)? numbers?|number on (your|the) number|numbered number|number of numbers|number by number|numbers? (hours|printers?|letters)|an (room|number|desk|counter|ticket|window)|at (the |a )?room)",
    re.IGNORECASE,
)
# Where the paper is meant it is a slip: one does not print a number on a number.
NUMBER_AS_PAPER = re.compile(
    r"\b(code on|on (the|your|a|displays?,)|displays?( and|, kiosks and|,)|printed|sample|printer of) numbers?\b",
    re.IGNORECASE,
)
A_NUMBER_S_NUMBER = re.compile(r"\bnumbers?\b.*\bits number", re.IGNORECASE)


def test_a_hall_is_called_as_its_chinese_name_says() -> None:
    sentence = "This hall's data are damaged."
    use_hall_words(hall="城东供电营业厅")
    of_power, in_english = tr("zh_CN", sentence), tr("en", sentence)
    use_hall_words("room", hall="门诊")
    of_a_clinic = tr("zh_CN", sentence)
    assert (of_power, of_a_clinic) == ("这个营业厅的数据已损坏。", "这个服务厅的数据已损坏。")
    assert in_english == sentence


@cache
def texts() -> list[tuple[str, str, str]]:
    """Return every text of the program as (language, text, key); tests/test_texts.py looks whether all are there."""
    read = build_texts.AllTexts()
    build_texts.read_areas(build_texts.CATALOGUES / build_texts.CHINESE, read)
    chinese = {key: text for key, text in read.chinese().items() if key.context != CHOICES}
    found = [("zh_CN", text, key.text) for key, text in chinese.items()]
    for key in chinese:
        found += [("en", text, key.text) for text in (key.text, key.plural) if text]
    return found


@cache
def spoken(window: str, ticket: str) -> list[tuple[str, str, str, str]]:
    """Return every text as (language, text, key, text in a hall's words)."""
    return [(lang, text, key, text_with_hall_words(lang, text, key, window, ticket)) for lang, text, key in texts()]


def bare(text: str) -> str:
    """Return a text without its fields: a field's name is nobody's word."""
    return FIELD.sub("", text)


@pytest.mark.parametrize("ticket", WORDS["ticket"].kind.choices)
@pytest.mark.parametrize("window", WORDS["window"].kind.choices)
def test_no_text_keeps_a_word_that_the_hall_does_not_use(window: str, ticket: str) -> None:
    gone = {word for word, other in (("window", window), ("ticket", ticket)) if word != other}
    gone |= {"counter"} if window not in {"window", "counter"} else set()
    for lang, text, key, whole in spoken(window, ticket):
        said = bare(whole)
        if key in COMPUTER or "TICKET@" in text:
            assert whole == text
        elif lang == "en":
            assert gone.isdisjoint(word.lower() for word in LEFT_EN.findall(said)), said
        else:
            left = set(LEFT_ZH.findall(said))
            assert not ("window" in gone and "窗口" in left), said
            assert not ("ticket" in gone and left & {"号票", "票号"}), said


@pytest.mark.parametrize("window", WORDS["window"].kind.choices)
def test_no_word_is_broken(window: str) -> None:
    for lang, text, _key, said in spoken(window, "number"):
        assert sorted(set(FIELD.findall(said))) == sorted(set(FIELD.findall(text))), said
        wrong = (BROKEN_EN, A_NUMBER_S_NUMBER, NUMBER_AS_PAPER)
        assert lang != "en" or not any(one.search(bare(said)) for one in wrong), said
        assert not re.search("号码上的|号号|没有号码也", said), said
        if lang == "en" and text:
            assert said[0].isupper() == text[0].isupper(), said


def test_texts_of_the_computer_s_windows_and_of_the_station_at_a_counter_are_known_here():
    keys = {key for _lang, _text, key in texts()}
    assert keys >= COMPUTER
    assert keys >= set(AS_NUMBERS)
    assert set(CHINESE) == set(WORDS["window"].kind.choices) - {"window"}
    english = {key for lang, text, key in texts() if lang == "en"}
    assert {key for key in english if re.search(r"\bcounters?\b", bare(key), re.IGNORECASE)} == STATION
    assert not [key for key in english if re.search(r"\bno\. \{window", key, re.IGNORECASE)]
    kept = {key for lang, text, key in texts() if lang == "zh_CN" and "画面" in text}
    assert {key for key in kept if re.search(r"\b(the|this|a) window\b", bare(key), re.IGNORECASE)} <= COMPUTER


@pytest.mark.parametrize(
    ("words", "lang", "text"),
    [
        (("window", "ticket"), "en", "Ticket A017, please go to window 3."),
        (("room", "number"), "en", "Number A017, please go to room 3."),
        (("desk", "ticket"), "en", "Ticket A017, please go to desk 3."),
        (("counter", "number"), "en", "Number A017, please go to counter 3."),
        (("room", "number"), "zh_CN", "请 A017 号到 3 号诊室。"),
        (("counter", "ticket"), "zh_CN", "请 A017 号到 3 号柜台。"),
    ],
)
def test_a_call(words: tuple[str, str], lang: str, text: str) -> None:
    use_hall_words(*words)
    assert tr(lang, "Ticket {ticket}, please go to window {window}.", ticket="A017", window="3") == text


def test_plural_capital_place_fields_and_options_of_commands() -> None:
    choose_language("en")
    use_hall_words(*ROOMS)
    assert (n_("{n} window", "{n} windows", 1), n_("{n} window", "{n} windows", 6)) == ("1 room", "6 rooms")
    assert _("Windows", context="set-up") == "Rooms"
    assert _("No customer at window {window}.", window="3") == "No customer in room 3."
    assert window_name("3") == "Room 3"
    assert error_sentence(RuleError("window_closed", window="3")) == "Room 3 is closed; please open it first."
    told = _("Ticket {ticket}, please go to {window}.", ticket="A1", window="the ticket window")
    assert told == "Number A1, please go to the ticket window."
    for lang in LANGUAGES:
        assert "--ticket" in tr(lang, "Give a window and a service, or --ticket and a service.")


def test_a_switch_holds_from_the_next_text_on() -> None:
    seen = []
    for word in ("window", "desk", "window"):
        use_hall_words(word)
        seen.append(window_name("3"))
    assert seen == ["3 号窗口", "3 号服务台", "3 号窗口"]
    assert i18n.current_hall_words() == ("window", "ticket")
