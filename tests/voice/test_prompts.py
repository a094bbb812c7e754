"""What a customer asks to be read: heard whole, cut off by what is newer, as loud as was asked, the usual again
afterwards."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from queuedesk.voice import sound
from queuedesk.voice.announcer import USUAL_VOLUME, VOLUMES_PCT, Prompts
from queuedesk.voice.engines import Chain, EspeakCommand, words_phrase
from queuedesk.voice.sound import Player
from tests.bounded import PATIENCE_S, until
from tests.voice.hearing import HANGS, REFUSES, Recording, find_all, likeness, sound_card

pytestmark = pytest.mark.waits

Heard = queue.SimpleQueue[tuple[str, bool]]


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with sound_card(tmp_path_factory.mktemp("card")):
        yield


def speaking(heard: Heard, *command: str) -> Prompts:
    player = Player([command or ("paplay", "-d", "office")])
    return Prompts(
        chain=lambda: Chain([EspeakCommand()]),
        player=lambda _chain: player if command else Player([("paplay", "-d", "office")]),
        heard=lambda text, played: heard.put((text, played)),
    )


def said(text: str, path: Path) -> sound.Samples:
    EspeakCommand().synthesise(words_phrase(text, "en"), "en", path)
    return sound.trimmed(sound.read(path))


def test_a_ticket_is_read_and_no_other_number(card: None, tmp_path: Path) -> None:
    heard: Heard = queue.SimpleQueue()
    prompts = speaking(heard)
    recording = Recording("office")
    prompts.speak(["Your number is A017.", "Three people are ahead."], "en")
    assert heard.get(timeout=PATIENCE_S) == ("Your number is A017. Three people are ahead.", True)
    prompts.stop()
    samples = recording.end()

    assert find_all(said("Your number is A017.", tmp_path / "own.wav"), samples)
    assert find_all(said("Three people are ahead.", tmp_path / "second.wav"), samples)
    assert likeness(said("Your number is A018.", tmp_path / "other.wav"), samples).max() < 0.8


def test_what_is_newer_cuts_off_what_is_being_said(card: None, tmp_path: Path) -> None:
    heard: Heard = queue.SimpleQueue()
    prompts = speaking(heard)
    recording = Recording("office")
    prompts.speak(["One long sentence about papers, fees and steps of a service."] * 20, "en")
    until(lambda: recording.length_s >= 2)
    prompts.speak(["Account services."], "en")
    assert heard.get(timeout=PATIENCE_S) == ("Account services.", True)
    prompts.hush()
    prompts.stop()
    samples = recording.end()

    assert find_all(said("Account services.", tmp_path / "new.wav"), samples)
    assert sound.length_s(samples) < 30
    assert heard.empty()


def test_the_volume_goes_in_steps_and_back_to_the_usual(card: None) -> None:
    heard: Heard = queue.SimpleQueue()
    prompts = speaking(heard)
    loudness: list[int] = []
    for step in range(1, len(VOLUMES_PCT) + 1):
        assert prompts.set_volume(step) == step
        recording = Recording("office")
        prompts.speak(["Account services."], "en")
        heard.get(timeout=PATIENCE_S)
        loudness.append(sound.loudness(recording.end()))
    assert (prompts.set_volume(9), prompts.set_volume(0)) == (len(VOLUMES_PCT), USUAL_VOLUME)
    prompts.stop()
    decibels = 20 * np.log10(np.array(loudness) / loudness[0])

    assert decibels[-1] >= 18
    assert decibels[USUAL_VOLUME - 1] >= 11.5
    assert list(decibels) == sorted(decibels)


@pytest.mark.parametrize("player", [REFUSES, ("no-such-player",)])
def test_nothing_counts_as_heard_unless_the_player_says_so(player: tuple[str, ...]) -> None:
    heard: Heard = queue.SimpleQueue()
    prompts = speaking(heard, *player)
    prompts.speak(["Account services."], "en")
    assert heard.get(timeout=PATIENCE_S) == ("Account services.", False)
    prompts.stop()


def test_a_player_that_hangs_is_ended_by_the_next_text_and_at_the_end() -> None:
    heard: Heard = queue.SimpleQueue()
    prompts = speaking(heard, *HANGS)
    for word in ("One", "Two", "Three"):
        prompts.speak([word], "en")
    prompts.stop()

    assert heard.empty()
    prompts.speak(["Four"], "en")
    assert heard.empty()
