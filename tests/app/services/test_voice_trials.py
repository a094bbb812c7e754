"""A call is heard beforehand on the PC of who sets the voice up."""

from __future__ import annotations

import threading
import wave
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from queuedesk.app.services.speaking import VoiceTrials
from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.hall import VoiceHours, VoiceSpec
from tests.bounded import PATIENCE_S
from tests.hall import preset

NOON = 12 * 60


@dataclass
class Ear:
    """A player that keeps how long each sound was; with `until_stopped` one that goes on until it is stopped."""

    name: str | None = "ear"
    takes: bool = True
    until_stopped: bool = False
    heard_s: list[float] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    def play(self, path: Path, length_s: float) -> bool:
        with wave.open(str(path)) as sound:
            self.heard_s.append(sound.getnframes() / sound.getframerate())
        self.begun.set()
        if self.until_stopped:
            assert self.stopped.wait(PATIENCE_S)
            return False
        return self.takes

    def stop(self) -> None:
        self.stopped.set()


@pytest.fixture
def setup():
    return check_setup(preset("power"))


def hear(ear: Ear, setup, spec: VoiceSpec | None = None, **asked):
    return VoiceTrials(lambda: ear).hear(setup, spec or VoiceSpec(), "A017", "3", NOON, **asked)


def test_a_call_is_read_in_the_hall_s_languages(setup):
    said = VoiceTrials().texts(setup, VoiceSpec(), "A017", "3")

    assert list(said["texts"]) == ["zh_CN", "en"]
    assert "A017" in said["texts"]["zh_CN"]
    assert "0 1 7" in said["spoken"]["en"]


def test_the_words_of_a_recall_are_their_own(setup):
    spec = VoiceSpec(languages=("en",), call={"en": "{ticket} to {window}"}, recall={"en": "Again: {ticket}, {window}"})

    assert VoiceTrials().texts(setup, spec, "A017", "3")["texts"] == {"en": "A017 to window 3"}
    assert VoiceTrials().texts(setup, spec, "A017", "3", recall=True)["texts"] == {"en": "Again: A017, window 3"}


def test_a_trial_is_played_once_from_beginning_to_end(setup):
    ear = Ear()

    heard = hear(ear, setup)

    assert heard["played"]
    assert set(heard["links"]) == {"zh_CN", "en"}
    assert [round(length, 1) for length in ear.heard_s] == [round(heard["sound_ms"] / 1000, 1)]


def test_a_slow_hour_takes_longer(setup):
    ear, slow = Ear(), VoiceSpec(hours=(VoiceHours(start=0, speed_pct=60),))

    hear(ear, setup)
    hear(ear, setup, slow)

    assert ear.heard_s[1] > ear.heard_s[0] * 1.2


def test_a_player_that_refuses_is_told(setup):
    heard = hear(Ear(takes=False), setup)

    assert (heard["played"], heard["hushed"]) == (False, False)


def test_a_file_is_written_and_nothing_is_played(setup, tmp_path):
    ear, file = Ear(), tmp_path / "call.wav"

    heard = hear(ear, setup, out=file)

    assert ear.heard_s == []
    assert not heard["played"]
    with wave.open(str(file)) as sound:
        assert round(sound.getnframes() / sound.getframerate(), 1) == round(heard["sound_ms"] / 1000, 1)


def test_a_trial_is_hushed_in_the_middle(setup):
    ear = Ear(until_stopped=True)
    trials = VoiceTrials(lambda: ear)
    said: list[dict] = []
    lane = threading.Thread(target=lambda: said.append(trials.hear(setup, VoiceSpec(), "A017", "3", NOON)))
    lane.start()
    assert ear.begun.wait(PATIENCE_S)

    trials.hush()
    lane.join(PATIENCE_S)

    assert [(one["played"], one["hushed"]) for one in said] == [(False, True)]


def test_the_pc_says_which_link_speaks_what():
    found = VoiceTrials(Ear).voices()

    assert found["player"] == "ear"
    assert any({"zh_CN", "en"} <= set(languages) for languages in found["links"].values())
