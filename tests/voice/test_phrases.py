"""What a call sounds like in espeak-ng's own phonemes, and how it reads."""

import re
import subprocess

import pytest
from msgspec.structs import replace

from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.voice.engines import phrase, short_phrase, shown_phrase, shown_short, words_phrase
from tests.voice.hearing import call, short_call


def phonemes(voice: str, text: str) -> str:
    """Return the sounds of `text` without stress, pauses and spaces."""
    spoken = subprocess.run(
        ("espeak-ng", "-q", "--ipa", "-v", voice, "--", text), capture_output=True, text=True, check=True
    )
    return re.sub(r"[ˈˌ\s]", "", spoken.stdout)


def test_texts_for_the_engine_are_as_measured():
    assert phrase(call(), "zh_CN") == "请 B, 零 三 一 号, 到 3 号窗口, 左侧 A 区"
    assert phrase(call(), "en") == "Ticket B, 0 3 1, please go to window 3, left, area A."


def test_texts_for_people_are_as_they_read():
    assert shown_phrase(call(), "zh_CN") == "请 B031 号到 3 号窗口，左侧 A 区。"
    assert shown_phrase(call(), "en") == "Ticket B031, please go to window 3, left, area A."


def test_a_window_without_a_way_or_with_a_name_has_its_own_sentence():
    assert phrase(short_call(), "zh_CN") == "请 B, 零 三 一 号, 到 3 号窗口"
    assert phrase(short_call(), "en") == "Ticket B, 0 3 1, please go to window 3."
    assert phrase(short_call(window="咨询台"), "zh_CN") == "请 B, 零 三 一 号, 到 咨询台"
    assert phrase(short_call(window="Cash desk"), "en") == "Ticket B, 0 3 1, please go to Cash desk."
    assert phrase(short_call(window="咨询台"), "en") == "Ticket B, 0 3 1, the screen shows you the way."


@pytest.mark.parametrize(
    ("label", "pinyin"),
    [
        ("A012", "A, ling2 yi1 er4"),
        ("B345", "B, san1 si4 wu3"),
        ("C678", "C, liu4 qi1 ba1"),
        ("VIP9", "V, I, P, jiu3"),
    ],
)
def test_chinese_syllables_and_tones_are_right(label, pinyin):
    text = phrase(short_call(ticket=label, window="12"), "zh_CN")

    right = f"qing3 {pinyin} hao4, dao4 shi2er4 hao4 chuang1 kou3"
    assert phonemes("cmn-latn-pinyin", text) == phonemes("cmn-latn-pinyin", right)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("A012", "eh, zero one two"),
        ("B345", "bee, three four five"),
        ("C678", "see, six seven eight"),
        ("VIP9", "vee, eye, pea, nine"),
    ],
)
def test_english_letters_and_digits_are_right(label, words):
    text = phrase(short_call(ticket=label, window="12"), "en")

    assert phonemes("en", text) == phonemes("en", f"Ticket {words}, please go to window twelve.")


OWN = VoiceSpec(
    call={"zh_CN": "{hall}请{ticket}到{window}{zone}。", "en": "{ticket} to {window}{zone}, please."},
    recall={"zh_CN": "再次请{ticket}号，{window}等您"},
)


def test_a_halls_own_words_are_spoken_and_shown():
    announcement = replace(call(), hall="第一营业厅", hall_en="First Hall")

    assert phrase(announcement, "zh_CN", OWN) == "第一营业厅 请 B, 零 三 一 到 3 号窗口, 左侧 A 区."
    assert shown_phrase(announcement, "zh_CN", OWN) == "第一营业厅请 B031 到 3 号窗口，左侧 A 区。"
    assert phrase(announcement, "en", OWN) == "B, 0 3 1 to window 3, left, area A, please."
    assert shown_phrase(announcement, "en", OWN) == "B031 to window 3, left, area A, please."


def test_a_window_without_a_way_leaves_no_comma_behind():
    assert phrase(short_call(), "zh_CN", OWN) == "请 B, 零 三 一 到 3 号窗口."
    assert shown_phrase(short_call(), "en", OWN) == "B031 to window 3, please."
    assert phrase(short_call(window="咨询台"), "zh_CN", OWN) == "请 B, 零 三 一 到 咨询台."


def test_a_recall_has_its_own_words_or_those_of_the_call():
    again = short_call(recall=1)

    assert shown_phrase(again, "zh_CN", OWN) == "再次请 B031 号，3 号窗口等您"
    assert shown_phrase(again, "en", OWN) == "B031 to window 3, please."


def test_a_name_that_english_cannot_read_is_pointed_to_on_the_screen():
    assert phrase(short_call(window="咨询台"), "en", OWN) == "Ticket B, 0 3 1, the screen shows you the way."


def test_the_chinese_one_is_said_yao_where_a_hall_wants_it():
    text = phrase(short_call(ticket="A110", window="11"), "zh_CN", VoiceSpec(yao=True))

    assert text == "请 A, 幺 幺 零 号, 到 11 号窗口"
    right = "qing3 A, yao1 yao1 ling2 hao4, dao4 shi2yi1 hao4 chuang1 kou3"
    assert phonemes("cmn-latn-pinyin", text) == phonemes("cmn-latn-pinyin", right)
    assert phrase(short_call(ticket="A110"), "en", VoiceSpec(yao=True)).startswith("Ticket A, 1 1 0,")


def test_several_calls_say_number_and_window_alone():
    assert short_phrase(call(), "zh_CN") == "B, 零 三 一, 3 号窗口"
    assert short_phrase(call(), "en") == "B, 0 3 1, window 3"
    assert (shown_short(call(), "zh_CN"), shown_short(call(), "en")) == ("B031，3 号窗口", "B031, window 3")


def test_numbers_in_a_notice_are_spelled_out():
    assert words_phrase("A017号请到咨询台，谢谢！", "zh_CN") == "A, 零 一 七 号请到咨询台, 谢谢!"
