"""What a call will sound like, beforehand."""

import pytest
from msgspec.structs import replace

from queuedesk.core.setup.hall import VoiceHours, VoiceSpec
from queuedesk.voice import sound
from queuedesk.voice.engines import Chain, EspeakCommand
from queuedesk.voice.saying import try_call, try_words
from tests.voice.hearing import call, short_call

CALM = VoiceSpec(hours=(VoiceHours(start=480), VoiceHours(start=720, speed_pct=70, volume_pct=40)))


@pytest.fixture
def chain():
    with Chain([EspeakCommand()]) as espeak:
        yield espeak


def test_a_try_says_what_is_shown_spoken_and_by_whom(tmp_path):
    tried = try_call(VoiceSpec(), call(), 600, tmp_path / "call.wav")

    assert list(tried.texts) == ["zh_CN", "en"]
    assert tried.texts["en"] == "Ticket B031, please go to window 3, left, area A."
    assert tried.spoken["en"] == "Ticket B, 0 3 1, please go to window 3, left, area A."
    assert (tried.links, tried.link) == ({"zh_CN": "pyttsx3", "en": "pyttsx3"}, "pyttsx3")
    assert sound.length_s(sound.read(tmp_path / "call.wav")) == pytest.approx(tried.sound_ms / 1000, abs=0.01)


def test_the_halls_own_order_comes_first(tmp_path, chain):
    spec = VoiceSpec(languages=("en",), chime=False)
    tried = try_call(spec, call(), 600, tmp_path / "call.wav", languages=("zh_CN", "en"), chain=chain)

    assert list(tried.texts) == ["en"]


def test_a_slower_and_quieter_hour_sounds_slower_and_quieter(tmp_path, chain):
    usual, calm = (
        try_call(CALM, short_call(), minute, tmp_path / f"{minute}.wav", chain=chain) for minute in (600, 780)
    )

    assert calm.sound_ms > 1.25 * usual.sound_ms
    loudness = [sound.loudness(sound.read(tmp_path / f"{minute}.wav")) for minute in (600, 780)]
    assert loudness[1] / loudness[0] == pytest.approx(0.4, abs=0.05)


def test_a_notice_is_tried_in_the_languages_it_has(tmp_path, chain):
    tried = try_words(VoiceSpec(yao=True), {"zh_CN": "请A011号到大厅。"}, 600, tmp_path / "said.wav", chain=chain)

    assert tried.spoken == {"zh_CN": "请 A, 零 幺 幺 号到大厅."}
    assert tried.link == "espeak-ng"


def test_without_a_voice_a_try_says_so_and_leaves_no_file(tmp_path):
    with Chain([EspeakCommand("no-such-program")]) as dumb:
        tried = try_call(replace(CALM, yao=True), call(), 600, tmp_path / "call.wav", chain=dumb)

    assert (tried.link, tried.links, tried.sound_ms) == ("none", {}, 0)
    assert not (tmp_path / "call.wav").exists()
