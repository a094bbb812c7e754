"""What a call sounds like in espeak-ng's own phonemes, and how it reads."""

import re
import subprocess

import pytest

from queuedesk.voice.phrases import no_voice_text, phrase, shown_phrase
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


def test_a_missing_voice_is_named_in_the_language_of_the_screen():
    assert no_voice_text("zh_CN", missing="zh_CN") == "这台电脑没有中文语音"
    assert no_voice_text("en", missing="en") == "No English voice on this PC"
