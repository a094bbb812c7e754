"""Calls joined of recorded words."""

import shutil
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.voice import sound
from queuedesk.voice.engines import Chain, Clips, EspeakCommand, at_speed, joined, number_units, phrase, units
from queuedesk.voice.saying import clip_names, look_over, write_starter
from tests.voice.hearing import call, find_all, likeness, short_call

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh_CN", "en")


@pytest.fixture(scope="module")
def starter(tmp_path_factory) -> Path:
    """A set spoken by espeak-ng, for a window 3 with a way."""
    folder = tmp_path_factory.mktemp("clips")
    with Chain([EspeakCommand()]) as chain:
        write_starter(folder, LANGUAGES, VoiceSpec(yao=True), [call()], chain)
    return folder


def say(folder: Path, ticket: str, language: str, path: Path, *, speed_pct: int = 100) -> sound.Samples:
    Clips(folder).synthesise(phrase(short_call(ticket=ticket), language), language, path, speed_pct)
    return sound.read(path)


def test_a_starter_set_has_all_that_calls_need(starter):
    for language in LANGUAGES:
        found = look_over(starter, language, VoiceSpec(yao=True), [call()])
        assert (found.missing, found.unreadable) == ((), ())
        assert found.there == clip_names(language, VoiceSpec(yao=True), [call()])
    assert Clips(starter).languages() == LANGUAGES


def test_names_say_what_is_to_be_recorded():
    names = clip_names("zh_CN", VoiceSpec(call={"zh_CN": "请{ticket}号到{window}办理{zone}"}), [call()])

    assert names[:10] == (
        *("请", "号", "到", "号窗口", "看大屏", "其他号码", "请看大屏"),
        *("号到", "办理", "左侧 A 区"),
    )
    assert {"零", "九", "十", "百", "A", "Z"} <= set(names)
    assert "幺" not in names


@pytest.mark.parametrize("speed_pct", [100, 130])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_told_from_its_neighbour(starter, tmp_path, language, speed_pct):
    own, neighbour = (
        say(starter, ticket, language, tmp_path / "a.wav", speed_pct=speed_pct) for ticket in ("A017", "A019")
    )
    again = say(starter, "A017", language, tmp_path / "a.wav", speed_pct=speed_pct)

    assert likeness(own, sound.join([again, again[:1]])).max() >= 0.9
    assert likeness(own, sound.join([neighbour, sound.Silence(sound.length_s(own))])).max() < 0.8


def test_what_is_recorded_whole_is_heard_whole(starter, tmp_path):
    said = say(starter, "B031", "zh_CN", tmp_path / "said.wav")

    window = sound.read(starter / "zh_CN" / "号窗口.wav")
    assert len(find_all(window, said)) == 1


def test_a_missing_word_leaves_the_call_to_the_next_link(starter, tmp_path):
    with Chain([EspeakCommand()], clips=starter) as chain:
        assert chain.synthesise("请 B, 零 三", "zh_CN", tmp_path / "said.wav") == "clips"
        assert chain.synthesise("请 B, 零 三 厅", "zh_CN", tmp_path / "said.wav") == "espeak-ng"
    with Chain([EspeakCommand()], clips=tmp_path / "nothing-here") as chain:
        assert chain.synthesise("请 B, 零 三", "zh_CN", tmp_path / "said.wav") == "espeak-ng"


def test_a_recording_is_never_written_over(starter, tmp_path):
    shutil.copytree(starter / "en", tmp_path / "en")
    tmp_path.joinpath("en", "Ticket.wav").unlink()
    own = tmp_path / "en" / "window.wav"
    own.write_bytes((starter / "en" / "A.wav").read_bytes())
    with Chain([EspeakCommand()]) as chain:
        write_starter(tmp_path, ["en"], VoiceSpec(), [], chain)

    assert own.read_bytes() == (starter / "en" / "A.wav").read_bytes()
    assert (tmp_path / "en" / "Ticket.wav").is_file()


@pytest.mark.parametrize(
    ("word", "chinese", "english"),
    [
        ("0", "零", ("0",)),
        ("7", "七", ("7",)),
        ("12", "十二", ("12",)),
        ("20", "二十", ("20",)),
        ("23", "二十三", ("20", "3")),
        ("105", "一百零五", ("1", "0", "5")),
        ("110", "一百一十", ("1", "1", "0")),
        ("1204", "一二零四", ("1", "2", "0", "4")),
        ("03", "零三", ("0", "3")),
        ("left", ("left",), ("left",)),
    ],
)
def test_numbers_are_joined_as_they_are_read(word, chinese, english):
    assert number_units(word, "zh_CN") == tuple(chinese)
    assert number_units(word, "en") == english


def test_the_longest_recording_that_fits_is_taken():
    there = {units(name): Path(name) for name in ("please", "please go to window", "1", "12")}

    assert list(joined(units("Please go to window 12"), there, "en")) == [Path("please go to window"), Path("12")]
    with pytest.raises(OutsideError, match="no_clip"):
        list(joined(units("please wait"), there, "en"))


def tone(rate_hz: int, *, length_s: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * 440 * np.arange(round(rate_hz * length_s)) / rate_hz)


def write_pcm(path: Path, samples: np.ndarray, rate_hz: int, width: int, channels: int) -> None:
    whole = np.repeat(np.round(samples * (2 ** (8 * width - 1) - 1)).astype(np.int64), channels)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        if width == 1:
            file.writeframes((whole + 128).astype(np.uint8).tobytes())
        else:
            file.writeframes(b"".join(int(one).to_bytes(width, "little", signed=True) for one in whole))


@pytest.mark.parametrize(
    ("rate_hz", "width", "channels"),
    [(8000, 2, 1), (22050, 2, 1), (44100, 2, 2), (48000, 3, 1), (48000, 1, 2), (96000, 4, 1)],
)
def test_recordings_of_any_rate_depth_and_channels_sound_alike(tmp_path, rate_hz, width, channels):
    write_pcm(tmp_path / "tone.wav", tone(rate_hz), rate_hz, width, channels)
    heard = sound.read(tmp_path / "tone.wav")

    right = (tone(sound.RATE_HZ) * 32767).astype(np.int16)
    assert abs(len(heard) - right.size) <= 1
    assert np.corrcoef(heard[: right.size - 1], right[: len(heard)][: right.size - 1])[0, 1] > 0.999


def test_a_file_of_a_newer_form_is_read_and_one_that_is_no_sound_is_named(tmp_path):
    samples = (tone(sound.RATE_HZ) * 20000).astype("<i2").tobytes()
    shape = struct.pack("<HHIIHHHHIH14s", 0xFFFE, 1, sound.RATE_HZ, sound.RATE_HZ * 2, 2, 16, 22, 16, 4, 1, bytes(14))
    chunks = b"WAVE" + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    chunks += b"fmt " + struct.pack("<I", len(shape)) + shape + b"data" + struct.pack("<I", len(samples)) + samples
    (tmp_path / "new.wav").write_bytes(b"RIFF" + struct.pack("<I", len(chunks)) + chunks)
    assert len(sound.read(tmp_path / "new.wav")) == len(samples) // 2

    folder = tmp_path / "clips" / "en"
    folder.mkdir(parents=True)
    (folder / "left.wav").write_bytes(b"RIFF0000WAVEfmt nothing")
    (folder / "right.wav").write_bytes(b"ID3")
    assert set(look_over(tmp_path / "clips", "en", VoiceSpec()).unreadable) == {"left.wav", "right.wav"}
    with pytest.raises(OutsideError, match="sound_unreadable"):
        Clips(tmp_path / "clips").synthesise("left", "en", tmp_path / "said.wav")


@pytest.mark.parametrize("speed_pct", [50, 70, 130, 150])
def test_another_speed_changes_the_length_and_not_the_pitch(speed_pct):
    usual = sound.of_wave(tone(sound.RATE_HZ, length_s=1.0) * 20000)
    changed = at_speed(usual, speed_pct)

    assert len(changed) == round(len(usual) * 100 / speed_pct)
    middle = np.asarray(changed[len(changed) // 4 : len(changed) // 4 * 3], float)
    loudest_hz = np.abs(np.fft.rfft(middle * np.hanning(middle.size))).argmax() * sound.RATE_HZ / middle.size
    assert loudest_hz == pytest.approx(440, abs=4)
    assert np.abs(middle).max() == pytest.approx(20000, rel=0.1)


def test_what_comes_with_the_program_and_from_its_engines_is_joined_without_numpy(tmp_path):
    sound.write([sound.new_samples([-32768, 32767, 5, 0])], tmp_path / "said.wav")
    told = f"""
import sys
from pathlib import Path
from queuedesk.paths import resource
from queuedesk.voice import sound
said = sound.trimmed(sound.read(Path({str(tmp_path / "said.wav")!r})), keep_s=0)
chime = sound.quieter(sound.read(resource("sounds", "chime.wav")), 80)
sound.write([chime, sound.Silence(0.1), said], Path({str(tmp_path / "call.wav")!r}))
print(said.tolist(), "numpy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, encoding="utf-8")

    assert (done.stdout, done.stderr) == ("[-32768, 32767] False\n", "")
    assert sound.length_s(sound.read(tmp_path / "call.wav")) == pytest.approx(0.7, abs=0.001)
