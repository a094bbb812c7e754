"""The sounds and the table of readings are those that their scripts make; the sounds are what the design asks for."""

import wave
from pathlib import Path

import numpy as np
import pytest

from queuedesk.i18n.names import TABLE, pinyin_readings_by_character
from queuedesk.paths import resource_path
from scripts.build_pinyin import CHARACTERS, table
from scripts.build_sounds import RATE_HZ, sounds, write

LENGTHS_S = {"chime": 0.6, "knock": 0.08, "tick": 0.12, "click": 0.02}


def samples(name: str, path: Path | None = None) -> np.ndarray:
    with wave.open(str(path or resource_path("sounds", f"{name}.wav")), "rb") as file:
        assert (file.getnchannels(), file.getframerate()) == (1, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def loudest_hz(part: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    return float(np.argmax(spectrum)) * RATE_HZ / (1 << 16)


@pytest.mark.parametrize(("name", "length_s"), LENGTHS_S.items())
def test_a_sound_is_the_one_the_script_makes_has_its_length_and_does_not_clip(name, length_s, tmp_path):
    sound = samples(name)
    write(tmp_path / "new.wav", sounds()[name])
    # Another computer's sine may round the last bit the other way.
    assert np.max(np.abs(samples(name, tmp_path / "new.wav") - sound)) <= 1
    assert len(sound) == round(length_s * RATE_HZ)
    assert 0.5 < np.max(np.abs(sound)) / 32767 < 0.7
    assert np.max(np.abs(sound[-20:])) < 400


def test_each_sound_has_its_pitch_and_the_chime_goes_down_from_660_to_528_hz():
    chime = samples("chime")
    assert loudest_hz(chime[: RATE_HZ // 5]) == pytest.approx(660, abs=4)
    assert loudest_hz(chime[RATE_HZ * 2 // 5 :]) == pytest.approx(528, abs=4)
    for name, hertz, off in (("knock", 180, 20), ("tick", 220, 10), ("click", 1000, 40)):
        assert loudest_hz(samples(name)) == pytest.approx(hertz, abs=off), name


def test_the_table_is_the_one_the_script_makes_and_each_character_of_it_is_read():
    assert resource_path(*TABLE).read_text(encoding="utf-8") == table()
    read = pinyin_readings_by_character([chr(number) for number in CHARACTERS])
    assert len(read) > 26_000
    assert read["曾"] == ("ceng", "zeng")
    assert "A" not in pinyin_readings_by_character("A")
