"""The links of the chain with their real engines, and what is said when of many calls at once."""

import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceSpec, VoiceSpeedAndVolumeFromTime
from queuedesk.core.talk.announcement import Announcement
from queuedesk.voice import engines, saying, sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import (
    EngineProcess,
    EspeakCommandEngine,
    VoiceChain,
    VoiceListedByEngine,
    displayed_call_phrase,
    spoken_call_phrase,
)
from queuedesk.voice.saying import (
    NextCallsToSay,
    SpokenNotice,
    VoiceManner,
    WaitingAnnouncements,
    clip_coverage_of_folder,
    needed_clip_names,
    write_missing_clips,
    write_trial_call,
)
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.every_day import one_of
from tests.voice.hearing import REFUSES, Reports, call, find_all, manner, short_call

LANGUAGES = ("zh_CN", "en")
HURRY = """
import sys
from pathlib import Path
from queuedesk.voice import sound
from queuedesk.voice.engines import Pyttsx3Engine
said = Path(sys.argv[1])
engine = Pyttsx3Engine(said.parent)
run, runs = engine._engine.runAndWait, iter(range(1000))
def faulty():
    run()
    engine._completed.wait()
    if next(runs) % 3 < 2:
        said.write_bytes(said.read_bytes()[:44])
engine._engine.runAndWait = faulty
lengths = []
for number in range(40):
    engine.save_speech(f"Ticket A, 0 {number % 2}, please go to window 3.", "gmw/en", said)
    lengths.append(sound.sound_length_s(sound.read_wav(said)))
Path(sys.argv[2]).write_text(" ".join(map(str, lengths)))
"""


@pytest.fixture
def engine(request):
    """One that is given time, but where a test asks how soon it is given up."""
    process = engines.EngineProcess(reply_s=getattr(request, "param", PATIENCE_S))
    until(process.languages)  # It waits once, for as long as a call may.
    yield process
    process.close()


@pytest.fixture
def chain(engine):
    with VoiceChain([engine, EspeakCommandEngine()]) as links:
        assert links.available_languages() == LANGUAGES
        yield links


def test_both_engines_speak_both_languages_whole_calls_and_at_another_speed_until_closed(chain, engine, tmp_path):
    for link in (engine, EspeakCommandEngine()):
        assert link.languages() == LANGUAGES
        for language in LANGUAGES:
            link.synthesise("3, 2 1", language, tmp_path / "said.wav")
            assert len(sound.read_wav(tmp_path / "said.wav")) > sound.RATE_HZ
    assert engines.write_call_sound_and_get_voice(call(), "zh_CN", tmp_path / "call.wav", chain) == "pyttsx3"
    assert 3 < sound.sound_length_s(sound.read_wav(tmp_path / "call.wav")) < 8
    lengths = {}
    for speed_pct in (100, 70, 130, 100):
        assert chain.synthesise("Ticket A, 0 1 7", "en", tmp_path / "said.wav", speed_pct) == "pyttsx3"
        lengths[speed_pct] = len(sound.read_wav(tmp_path / "said.wav"))
    assert lengths[130] < 0.9 * lengths[100] < 0.9 * 0.9 * lengths[70]
    assert engine.restarts == 0
    pid = engine.pid
    chain.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(OutsideError):
        engine.synthesise("1", "en", tmp_path / "said.wav")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_texts_that_follow_at_once_all_come_out_whole_though_files_stay_empty_at_first(tmp_path):
    lengths = tmp_path / "lengths"
    program = (sys.executable, "-c", HURRY, str(tmp_path / "said.wav"), str(lengths))
    subprocess.run(program, stdout=subprocess.DEVNULL, check=True)
    lengths_s = [float(length) for length in lengths.read_text().split()]
    assert len(lengths_s) == 40
    assert max(lengths_s) - min(lengths_s) < 0.35


@pytest.mark.parametrize("engine", [engines.REPLY_S], indirect=True)
def test_a_frozen_engine_gives_way_within_3_s_and_comes_back(chain, engine, tmp_path):
    frozen = engine.pid
    os.kill(frozen, signal.SIGSTOP)
    begun_s = time.monotonic()
    with Stopwatch() as took:
        assert chain.synthesise("1", "en", tmp_path / "said.wav") == "espeak-ng"
    assert time.monotonic() - begun_s > 2.4
    assert took.s < 3.0
    until(engine.languages)
    assert chain.synthesise("1", "en", tmp_path / "said.wav") == "pyttsx3"
    assert (engine.pid != frozen, engine.restarts) == (True, 1)


def test_a_killed_engine_gives_way_within_a_fifth_of_a_second_and_comes_back(chain, engine, tmp_path):
    """Later by that than espeak-ng alone; several times, as the operating system may take the processor away."""
    took_s = []
    for _time in range(5):
        with Stopwatch() as alone:
            EspeakCommandEngine().synthesise("1", "en", tmp_path / "said.wav")
        os.kill(engine.pid, signal.SIGKILL)
        with Stopwatch() as took:
            assert chain.synthesise("1", "en", tmp_path / "said.wav") == "espeak-ng"
        took_s.append(took.s - alone.s)
        until(engine.languages)
        assert chain.synthesise("1", "en", tmp_path / "said.wav") == "pyttsx3"
    assert sorted(took_s)[2] < 0.2
    assert engine.restarts == 5


def test_an_engine_that_cannot_start_is_left_alone_and_without_a_voice_nothing_is_written(tmp_path):
    starts = tmp_path / "starts"
    dying = (sys.executable, "-c", f"open({str(starts)!r}, 'a').write('x')")
    with VoiceChain([engines.EngineProcess(dying), EspeakCommandEngine()]) as chain:
        for _ in range(5):
            assert chain.synthesise("1", "en", tmp_path / "said.wav") == "espeak-ng"
    assert starts.read_text() == "x"
    for path in (starts, tmp_path / "said.wav"):
        path.unlink()
    with VoiceChain([engines.EngineProcess(REFUSES), EspeakCommandEngine("no-such-program")]) as chain:
        assert chain.available_languages() == ()
        assert chain.synthesise("1", "en", tmp_path / "said.wav") is None
    with VoiceChain([engines.EngineProcess(("no-such-program",))]) as chain:
        assert chain.available_languages() == ()
    with pytest.raises(OutsideError, match="voice_silent"):
        engines.write_call_sound_and_get_voice(
            call(), "zh_CN", tmp_path / "call.wav", VoiceChain([EspeakCommandEngine("no-such-program")])
        )
    assert list(tmp_path.iterdir()) == []
    # It says so on standard error alone and exits with 0.
    with pytest.raises(OutsideError, match="voice_silent"):
        EspeakCommandEngine().synthesise("1", "en", tmp_path / "no-such-folder" / "said.wav")


def test_the_engine_process_answers_in_lines_of_json_alone_and_ends_with_its_parent(tmp_path):
    said = tmp_path / "said.wav"
    with subprocess.Popen(engines.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        ready = json.loads(process.stdout.readline())
        process.stdin.write(
            json.dumps({"id": 7, "text": "1", "voice": "gmw/en", "path": str(said)}).encode() + b"\n"
            b'{"id": 8, "text": "1", "voice": "no/such", "path": "' + str(said).encode() + b'"}\n'
        )
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(PATIENCE_S) == 0
    assert [name for name, _tags in ready["voices"] if name == "gmw/en"] == ["gmw/en"]
    assert answers == [{"id": 7, "code": None}, {"id": 8, "code": "no_voice"}]


PINYIN = "sit/cmn-latn-pinyin"


@pytest.mark.parametrize(
    ("voices", "chinese", "english"),
    [
        (
            [VoiceListedByEngine("sit/cmn", ("cmn",)), VoiceListedByEngine(PINYIN), VoiceListedByEngine("gmw/en")],
            PINYIN,
            "gmw/en",
        ),
        ([VoiceListedByEngine("sit/cmn", ("zh",)), VoiceListedByEngine("sit/yue", ("zh-yue",))], None, None),
        ([VoiceListedByEngine("HUIHUI", ("zh_CN",)), VoiceListedByEngine("ZIRA", ("en_US",))], "HUIHUI", "ZIRA"),
        ([VoiceListedByEngine("Tracy", ("zh_HK",)), VoiceListedByEngine("Hazel", ("en_GB",))], None, "Hazel"),
        ([], None, None),
    ],
)
def test_only_a_voice_that_speaks_a_language_rightly_is_chosen(voices, chinese, english):
    assert [engines.voice_id_for_language(language, voices) for language in LANGUAGES] == [chinese, english]


def phonemes(voice: str, text: str) -> str:
    """Return the sounds of `text` without stress, pauses and spaces."""
    line = ("espeak-ng", "-q", "--ipa", "-v", voice, "--", text)
    return re.sub(r"[ˈˌ\s]", "", subprocess.run(line, capture_output=True, text=True, check=True).stdout)


OWN = VoiceSpec(
    call={"zh_CN": "{hall}请{ticket}到{window}{zone}。", "en": "{ticket} to {window}{zone}, please."},
    recall={"zh_CN": "再次请{ticket}号，{window}等您"},
)


@pytest.fixture(scope="module")
def starter(tmp_path_factory) -> Path:
    """A set spoken by espeak-ng, for a window 3 with a way."""
    folder = tmp_path_factory.mktemp("clips")
    with VoiceChain([EspeakCommandEngine()]) as chain:
        write_missing_clips(folder, LANGUAGES, VoiceSpec(yao=True), [call()], chain)
    return folder


def test_names_say_what_is_to_be_recorded_and_a_starter_set_has_all_of_it(starter):
    for language in LANGUAGES:
        found = clip_coverage_of_folder(starter, language, VoiceSpec(yao=True), [call()])
        assert (found.missing, found.unreadable) == ((), ())
        assert found.there == needed_clip_names(language, VoiceSpec(yao=True), [call()])
    assert engines.RecordedClips(starter).languages() == LANGUAGES
    names = needed_clip_names("zh_CN", VoiceSpec(call={"zh_CN": "请{ticket}号到{window}办理{zone}"}), [call()])
    assert names[:7] == ("请", "号", "到", "号窗口", "看大屏", "其他号码", "请看大屏")
    assert names[7:10] == ("号到", "办理", "左侧 A 区")
    assert {"零", "九", "十", "百", "A", "Z"} <= set(names)
    assert "幺" not in names


def test_what_is_recorded_whole_is_heard_whole_and_a_missing_word_leaves_the_call_to_the_next_link(starter, tmp_path):
    text = spoken_call_phrase(short_call(ticket="B031"), "zh_CN")
    engines.RecordedClips(starter).synthesise(text, "zh_CN", tmp_path / "said.wav")
    window = sound.read_wav(starter / "zh_CN" / "号窗口.wav")
    assert len(find_all(window, sound.read_wav(tmp_path / "said.wav"))) == 1
    with VoiceChain([EspeakCommandEngine()], clips=starter) as chain:
        assert chain.synthesise("请 B, 零 三", "zh_CN", tmp_path / "said.wav") == "clips"
        assert chain.synthesise("请 B, 零 三 厅", "zh_CN", tmp_path / "said.wav") == "espeak-ng"
    with VoiceChain([EspeakCommandEngine()], clips=tmp_path / "nothing-here") as chain:
        assert chain.synthesise("请 B, 零 三", "zh_CN", tmp_path / "said.wav") == "espeak-ng"
    # A recording is never written over.
    shutil.copytree(starter / "en", tmp_path / "en")
    tmp_path.joinpath("en", "Ticket.wav").unlink()
    own = tmp_path / "en" / "window.wav"
    own.write_bytes((starter / "en" / "A.wav").read_bytes())
    with VoiceChain([EspeakCommandEngine()]) as chain:
        write_missing_clips(tmp_path, ["en"], VoiceSpec(), [], chain)
    assert own.read_bytes() == (starter / "en" / "A.wav").read_bytes()
    assert (tmp_path / "en" / "Ticket.wav").is_file()


@pytest.mark.parametrize(
    ("word", "chinese", "english"),
    [
        *(("0", "零", "0"), ("7", "七", "7"), ("12", "十 二", "12"), ("20", "二 十", "20"), ("23", "二 十 三", "20 3")),
        *(("105", "一 百 零 五", "1 0 5"), ("110", "一 百 一 十", "1 1 0"), ("1204", "一 二 零 四", "1 2 0 4")),
        *(("03", "零 三", "0 3"), ("left", "left", "left")),
    ],
)
def test_numbers_are_joined_as_they_are_read(word, chinese, english):
    assert engines.spoken_number_words(word, "zh_CN") == tuple(chinese.split())
    assert engines.spoken_number_words(word, "en") == tuple(english.split())


def test_the_longest_recording_that_fits_is_taken():
    there = {engines.spoken_units(name): Path(name) for name in ("please", "please go to window", "1", "12")}
    whole = list(engines.clips_for_words(engines.spoken_units("Please go to window 12"), there, "en"))
    assert whole == [Path("please go to window"), Path("12")]
    with pytest.raises(OutsideError, match="no_clip"):
        list(engines.clips_for_words(engines.spoken_units("please wait"), there, "en"))


def tone(rate_hz: int, *, length_s: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * 440 * np.arange(round(rate_hz * length_s)) / rate_hz)


def write_pcm(path: Path, samples: np.ndarray, rate_hz: int, width: int, channels: int) -> None:
    whole = np.repeat(np.round(samples * (2 ** (8 * width - 1) - 1)).astype(np.int64), channels)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        zero = 128 if width == 1 else 0
        file.writeframes(b"".join(int(one + zero).to_bytes(width, "little", signed=not zero) for one in whole))


@pytest.mark.parametrize(
    ("rate_hz", "width", "channels"),
    [(8000, 2, 1), (22050, 2, 1), (44100, 2, 2), (48000, 3, 1), (48000, 1, 2), (96000, 4, 1)],
)
def test_recordings_of_any_rate_depth_and_channels_sound_alike(tmp_path, rate_hz, width, channels):
    write_pcm(tmp_path / "tone.wav", tone(rate_hz), rate_hz, width, channels)
    heard = sound.read_wav(tmp_path / "tone.wav")
    right = (tone(sound.RATE_HZ) * 32767).astype(np.int16)
    assert abs(len(heard) - right.size) <= 1
    assert np.corrcoef(heard[: right.size - 1], right[: len(heard)][: right.size - 1])[0, 1] > 0.999


def test_a_file_of_a_newer_form_is_read_and_one_that_is_no_sound_or_cannot_be_written_is_named(tmp_path):
    samples = (tone(sound.RATE_HZ) * 20000).astype("<i2").tobytes()
    shape = struct.pack("<HHIIHHHHIH14s", 0xFFFE, 1, sound.RATE_HZ, sound.RATE_HZ * 2, 2, 16, 22, 16, 4, 1, bytes(14))
    chunks = b"WAVE" + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    chunks += b"fmt " + struct.pack("<I", len(shape)) + shape + b"data" + struct.pack("<I", len(samples)) + samples
    (tmp_path / "new.wav").write_bytes(b"RIFF" + struct.pack("<I", len(chunks)) + chunks)
    assert len(sound.read_wav(tmp_path / "new.wav")) == len(samples) // 2
    (tmp_path / "empty.wav").write_bytes(b"")
    for path in (tmp_path / "empty.wav", tmp_path / "missing.wav"):
        with pytest.raises(OutsideError, match="sound_unreadable"):
            sound.read_wav(path)
    with pytest.raises(OutsideError, match="cannot_write"):
        sound.write_wav([sound.PauseBetweenSounds(0.1)], tmp_path / "no-such-folder" / "said.wav")
    folder = tmp_path / "clips" / "en"
    folder.mkdir(parents=True)
    (folder / "left.wav").write_bytes(b"RIFF0000WAVEfmt nothing")
    (folder / "right.wav").write_bytes(b"ID3")
    assert set(clip_coverage_of_folder(tmp_path / "clips", "en", VoiceSpec()).unreadable) == {"left.wav", "right.wav"}
    with pytest.raises(OutsideError, match="sound_unreadable"):
        engines.RecordedClips(tmp_path / "clips").synthesise("left", "en", tmp_path / "said.wav")


@pytest.mark.parametrize("speed_pct", [50, 70, 130, 150])
def test_another_speed_changes_the_length_and_not_the_pitch(speed_pct):
    usual = sound.samples_from_wave(tone(sound.RATE_HZ, length_s=1.0) * 20000)
    changed = engines.samples_at_speed(usual, speed_pct)
    assert len(changed) == round(len(usual) * 100 / speed_pct)
    middle = np.asarray(changed[len(changed) // 4 : len(changed) // 4 * 3], float)
    loudest_hz = np.abs(np.fft.rfft(middle * np.hanning(middle.size))).argmax() * sound.RATE_HZ / middle.size
    assert loudest_hz == pytest.approx(440, abs=4)
    assert np.abs(middle).max() == pytest.approx(20000, rel=0.1)


def test_what_comes_with_the_program_and_from_its_engines_is_joined_without_numpy(tmp_path):
    sound.write_wav([sound.samples_of_values([-32768, 32767, 5, 0])], tmp_path / "said.wav")
    told = f"""
import sys
from pathlib import Path
from queuedesk.paths import resource_path
from queuedesk.voice import sound
said = sound.without_silent_ends(sound.read_wav(Path({str(tmp_path / "said.wav")!r})), keep_s=0)
chime = sound.quieter_sound(sound.read_wav(resource_path("sounds", "chime.wav")), 80)
sound.write_wav([chime, sound.PauseBetweenSounds(0.1), said], Path({str(tmp_path / "call.wav")!r}))
print(said.tolist(), "numpy" in sys.modules)
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", told], cwd=root, capture_output=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("[-32768, 32767] False\n", "")
    assert sound.sound_length_s(sound.read_wav(tmp_path / "call.wav")) == pytest.approx(0.7, abs=0.001)


NAMED = replace(call(), hall="第一营业厅", hall_en="First Hall")
PLAIN, AGAIN = short_call(), short_call(recall=1)
DESK, CASH_DESK = short_call(window="咨询台"), short_call(window="Cash desk")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (spoken_call_phrase(call(), "zh_CN"), "请 B, 零 三 一 号, 到 3 号窗口, 左侧 A 区"),
        (displayed_call_phrase(call(), "zh_CN"), "请 B031 号到 3 号窗口，左侧 A 区。"),
        (spoken_call_phrase(DESK, "zh_CN"), "请 B, 零 三 一 号, 到 咨询台"),
        (spoken_call_phrase(CASH_DESK, "en"), "Ticket B, 0 3 1, please go to Cash desk."),
        (spoken_call_phrase(DESK, "en"), "Ticket B, 0 3 1, the screen shows you the way."),
        (spoken_call_phrase(NAMED, "zh_CN", OWN), "第一营业厅 请 B, 零 三 一 到 3 号窗口, 左侧 A 区."),
        (displayed_call_phrase(NAMED, "zh_CN", OWN), "第一营业厅请 B031 到 3 号窗口，左侧 A 区。"),
        (spoken_call_phrase(NAMED, "en", OWN), "B, 0 3 1 to window 3, left, area A, please."),
        (displayed_call_phrase(NAMED, "en", OWN), "B031 to window 3, left, area A, please."),
        (spoken_call_phrase(PLAIN, "zh_CN", OWN), "请 B, 零 三 一 到 3 号窗口."),  # no way leaves no comma behind
        (displayed_call_phrase(PLAIN, "en", OWN), "B031 to window 3, please."),
        (spoken_call_phrase(DESK, "zh_CN", OWN), "请 B, 零 三 一 到 咨询台."),
        (spoken_call_phrase(DESK, "en", OWN), "Ticket B, 0 3 1, the screen shows you the way."),
        (displayed_call_phrase(AGAIN, "zh_CN", OWN), "再次请 B031 号，3 号窗口等您"),
        (displayed_call_phrase(AGAIN, "en", OWN), "B031 to window 3, please."),  # a recall without words of its own
        (engines.spoken_short_call_phrase(call(), "en"), "B, 0 3 1, window 3"),
        (engines.displayed_short_call(call(), "en"), "B031, window 3"),
        (engines.spoken_notice_text("A017号请到咨询台，谢谢！", "zh_CN"), "A, 零 一 七 号请到咨询台, 谢谢!"),
    ],
)
def test_what_is_said_and_what_is_shown_of_a_call(said, text):
    assert said == text


@pytest.mark.parametrize(
    ("label", "pinyin", "words"),
    [
        ("A012", "A, ling2 yi1 er4", "eh, zero one two"),
        ("B345", "B, san1 si4 wu3", "bee, three four five"),
        ("C678", "C, liu4 qi1 ba1", "see, six seven eight"),
        ("VIP9", "V, I, P, jiu3", "vee, eye, pea, nine"),
        ("A110", "A, yao1 yao1 ling2", "eh, one one zero"),
    ],
)
def test_letters_digits_syllables_and_tones_are_right_and_the_chinese_one_is_said_yao_where_wanted(
    label, pinyin, words
):
    announcement, spec = short_call(ticket=label, window="11"), VoiceSpec(yao=label == "A110")
    said = phonemes("cmn-latn-pinyin", spoken_call_phrase(announcement, "zh_CN", spec))
    assert said == phonemes("cmn-latn-pinyin", f"qing3 {pinyin} hao4, dao4 shi2yi1 hao4 chuang1 kou3")
    english = phonemes("en", f"Ticket {words}, please go to window eleven.")
    assert phonemes("en", spoken_call_phrase(announcement, "en", spec)) == english


PER_LETTER_S = 0.16  # a Chinese call of usual length takes four seconds and a half, an English one six


class Sound(NamedTuple):
    """What the loudspeaker was given: for how long, and which texts were made for it."""

    length_s: float
    texts: tuple[str, ...]


class Stage:
    """Engine and loudspeaker in one. What is to happen at a moment happens in the middle of the sound then."""

    name = "pyttsx3"

    def __init__(self) -> None:
        self.now_s = 0.0
        self.sounds: list[Sound] = []
        self.speeds: set[int] = set()
        self.fails_from: int | None = None
        self.dumb_in: tuple[str, ...] = ()
        self._made: list[str] = []
        self._to_come: list[tuple[float, Callable[[], object]]] = []

    def clock(self) -> float:
        return self.now_s

    def at(self, moment_s: float, act: Callable[[], object]) -> None:
        self._to_come.append((moment_s, act))

    def play(self, path: Path, length_s: float) -> bool:
        if self.fails_from is not None and len(self.sounds) >= self.fails_from:
            return False
        self.sounds.append(Sound(length_s, tuple(self._made)))
        self._made = []
        end_s = self.now_s + length_s
        for moment_s, act in sorted(self._to_come, key=lambda one: one[0]):
            if moment_s <= end_s:
                self.now_s = max(self.now_s, moment_s)
                act()
        self._to_come = [one for one in self._to_come if one[0] > end_s]
        self.now_s = end_s
        return True

    def stop(self) -> None:
        """Nothing to stop."""

    def start(self) -> None:
        """Always there."""

    def languages(self) -> tuple[str, ...]:
        return ("zh_CN", "en")

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
        if language in self.dumb_in:
            raise OutsideError("no_voice", language=language)
        self._made.append(text)
        self.speeds.add(speed_pct)
        size = round(len(text) * PER_LETTER_S * 100 / speed_pct * sound.RATE_HZ)
        sound.write_wav([sound.samples_of_values([9000]) * size], path)

    def close(self) -> None:
        """Nothing to end."""

    @property
    def texts(self) -> list[str]:
        return [text for each in self.sounds for text in each.texts]


What = Announcement | SpokenNotice | Callable[[Announcer], object]


def perform(
    stage: Stage, manner: Callable[[], VoiceManner], *first: What, then: Mapping[float, What] = {}, wanted: int = 0
) -> list[saying.SpeakingResult]:
    """Let an announcer say what is `first` at once and what is `then` at its moment; return the reports once there is
    one of each, or as many as are `wanted`."""
    reports = Reports(wanted or len(first) + len(then))
    announcer = Announcer(manner, reports, stage, VoiceChain([stage]), clock=stage.clock)

    def act(what: What) -> None:
        if isinstance(what, Announcement):
            announcer.enqueue_call(what)
        elif isinstance(what, SpokenNotice):
            announcer.enqueue_notice_words(what)
        else:
            what(announcer)

    for moment_s, what in then.items():
        stage.at(moment_s, partial(act, what))
    try:
        for what in first:
            act(what)
        return reports.wait()
    finally:
        announcer.stop()


LATEST_MS = 15_000
ONE, TWO = short_call(1, "A001", "1"), short_call(2, "A002", "2")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def burst(size: int, within_s: float) -> dict[float, Announcement]:
    """Return the calls that come one after another within a time, each at its moment."""
    return {within_s * seq / size: short_call(seq, f"A{seq:03}", str(seq)) for seq in range(2, size + 1)}


def test_of_22_calls_in_a_second_each_begins_in_time_or_is_reported_and_several_at_once_are_said_shortly(stage):
    reports = perform(stage, manner(*LANGUAGES), ONE, then=burst(22, 1.0))
    assert sorted(report.seq for report in reports) == list(range(1, 23))
    spoken = [report for report in reports if report.spoken]
    assert len(spoken) >= 4
    assert max(report.delay_ms for report in spoken) <= LATEST_MS
    assert {(report.link, report.cause) for report in reports if not report.spoken} == {("none", "too_many")}
    assert "其他号码, 请看大屏" in stage.texts, "those who were left out are pointed to the screen"
    # Several in one announcement say number and window, faster and once.
    stage = Stage()
    reports = perform(stage, manner("zh_CN"), ONE, then=burst(5, 0.5))
    assert all(report.spoken for report in reports)
    merged = [text for each in stage.sounds if len(each.texts) > 1 for text in each.texts]
    assert merged == [f"A, 零 零 {n}, {w} 号窗口" for n, w in zip("二三四五", "2345", strict=True)]
    assert stage.speeds == {100, 125}
    assert reports[-1].text == "A005，5 号窗口"


@pytest.mark.parametrize("seed", one_of(range(8), 0))
def test_however_calls_come_none_begins_late_and_none_is_forgotten(stage, seed):
    """A call every five seconds on average, at random: about what 20 windows give."""
    chance, size, at_s = random.Random(seed), 60, 0.0
    later = {}
    for seq in range(2, size + 1):
        at_s += chance.expovariate(1 / 5)
        later[at_s] = short_call(seq, f"B{seq:03}", str(seq % 20 + 1), recall=int(chance.random() < 0.1))
    # So that there is a sound to the very end, in which what is to happen happens.
    long = SpokenNotice(seq=0, texts={"zh_CN": "请在座位上等候叫号。" * 80})
    said = perform(stage, manner(*LANGUAGES), long, short_call(1, "B001", "1"), then=later)
    reports = [report for report in said if report.seq]
    assert sorted(report.seq for report in said) == list(range(size + 1))
    assert max(report.delay_ms for report in reports if report.spoken) <= LATEST_MS
    assert sum(report.spoken for report in reports) >= size * 0.9


def test_a_recall_is_said_before_all_that_waits_a_call_may_be_withdrawn_and_one_that_speaks_for_two_is_of_both(stage):
    later = {1.5: short_call(4, "A004"), 2.0: TWO, 3.0: short_call(3, "C009", "9", recall=1)}
    later[3.5] = lambda announcer: announcer.withdraw_ticket("A004")
    reports = perform(stage, manner("zh_CN"), ONE, then=later, wanted=3)
    assert [report.seq for report in reports] == [1, 3, 2]
    assert stage.texts.count("请 A, 零 零 一 号, 到 1 号窗口") == 1
    other, later = Stage(), {1.0: short_call(2, "B001", "3"), 2.0: short_call(3, "B001", "5")}
    reports = perform(other, manner("en", times=1), short_call(1, "A001"), then=later)
    assert [(report.seq, report.spoken) for report in reports] == [(1, True), (2, True), (3, True)]
    assert other.texts[1:] == ["Ticket B, 0 0 1, please go to window 5."]
    waited_s = other.sounds[0].length_s - 1.0
    assert reports[2].delay_ms / 1000 == pytest.approx(waited_s + 0.85, abs=0.5), "since the first of the two"


def test_a_notice_is_read_between_calls_sentence_by_sentence_and_a_long_one_is_cut_at_its_commas(stage):
    sentences = "请坐下等候。谢谢您的耐心。本厅今天下午四点结束营业。"
    reports = perform(stage, manner("zh_CN", times=1), SpokenNotice(seq=1, texts={"zh_CN": sentences}), then={1.0: TWO})
    assert [(report.seq, report.spoken) for report in reports] == [(2, True), (1, True)]
    said = ["请坐下等候.", "请 A, 零 零 二 号, 到 2 号窗口", "谢谢您的耐心.", "本厅今天下午四点结束营业."]
    assert stage.texts == said
    assert (reports[1].text, reports[1].ticket) == (sentences, None)
    length_s = sum(s.length_s for s in (stage.sounds[0], *stage.sounds[2:]))
    assert reports[1].sound_ms == pytest.approx(length_s * 1000, abs=2)
    other = Stage()
    text = "，".join(["请持号票的客户在座位上等候叫号"] * 6) + "。"
    perform(other, manner("zh_CN"), SpokenNotice(seq=1, texts={"zh_CN": text}))
    assert max(each.length_s for each in other.sounds) < 10
    assert "".join(other.texts).replace(" ", "") == text.replace("，", ",").replace("。", ".")


def test_an_emergency_cuts_in_after_the_call_that_is_spoken_and_is_read_through(stage):
    urgent = SpokenNotice(seq=7, texts={"zh_CN": "请立即离开。走楼梯。", "en": "Leave now."}, urgent=True, times=2)
    reports = perform(stage, manner(*LANGUAGES), ONE, then={2.0: TWO, 3.0: urgent})
    assert [report.seq for report in reports] == [1, 7, 2]
    emergency = ["请立即离开.", "走楼梯.", "Leave now."]
    assert stage.texts[1:8] == ["Ticket A, 0 0 1, please go to window 1.", *emergency, *emergency]
    assert [s.texts for s in stage.sounds[:2]] == [(stage.texts[0], stage.texts[1]), (emergency[0],)]


def test_a_notice_that_ends_is_read_no_further_and_before_a_word_was_read_it_is_no_fault_of_the_voice(stage):
    notice = SpokenNotice(seq=1, texts={"en": "Please take a seat. Thank you."})
    ends = {0.5: lambda announcer: announcer.withdraw_spoken_notice(1)}
    (report,) = perform(stage, manner(*LANGUAGES), notice, then=ends, wanted=1)
    assert (stage.texts, report.spoken) == (["Please take a seat."], True)

    class EndsMeanwhile(Stage):
        def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
            if language == "zh_CN":
                announcers[0].withdraw_spoken_notice(1)
                raise OutsideError("no_voice", language=language)
            super().synthesise(text, language, path, speed_pct)

    announcers, own = [], EndsMeanwhile()
    notice = SpokenNotice(seq=1, texts={"zh_CN": "请坐下等候。", "en": "Please take a seat."})
    other = SpokenNotice(seq=2, texts={"en": "We close at 4."})
    (report,) = perform(own, manner(*LANGUAGES), announcers.append, notice, other, wanted=1)
    assert (report.seq, report.cause, own.texts) == (2, None, ["We close at 4."])


def test_the_hour_and_the_set_up_hold_from_the_next_call_on(stage):
    slow = (VoiceSpeedAndVolumeFromTime(start=0), VoiceSpeedAndVolumeFromTime(start=720, speed_pct=80))
    now = [VoiceManner(languages=("zh_CN",))]

    def change(announcer: Announcer) -> None:
        now.append(VoiceManner(languages=("en",), spec=VoiceSpec(times=1, chime=False, hours=slow), minute=800))
        announcer.enqueue_call(TWO)

    perform(stage, lambda: now[-1], ONE, then={1.0: change})
    assert stage.texts == ["请 A, 零 零 一 号, 到 1 号窗口", "Ticket A, 0 0 2, please go to window 2."]
    assert stage.speeds == {100, 80}
    (second,) = (each for each in stage.sounds if stage.texts[1] in each.texts)
    assert second.length_s == pytest.approx(len(stage.texts[1]) * 0.16 / 0.8 + 0.4, abs=0.01)


def test_a_language_without_a_voice_is_left_out_and_a_player_that_fails_in_the_middle_leaves_what_was_heard(stage):
    stage.dumb_in = ("zh_CN",)
    (report,) = perform(stage, manner(*LANGUAGES), short_call())
    assert (report.text, report.spoken) == ("Ticket B031, please go to window 3.", True)
    failing = Stage()
    failing.fails_from = 1
    (report,) = perform(failing, manner(*LANGUAGES), short_call())
    assert (report.spoken, report.text) == (True, "请 B031 号到 3 号窗口。")
    assert report.sound_ms == round(failing.sounds[0].length_s * 1000)

    # An hour without volume says nothing and says so, but an emergency is read even then.
    quiet, mute = Stage(), (VoiceSpeedAndVolumeFromTime(start=0, volume_pct=0),)
    (report,) = perform(quiet, manner("en", hours=mute), short_call())
    assert (report.spoken, report.link, report.cause, quiet.sounds) == (False, "none", "muted", [])
    words = SpokenNotice(seq=1, texts={"en": "Leave now."}, urgent=True)
    (report,) = perform(quiet, manner("en", hours=mute), words)
    assert report.spoken


def test_the_status_keeps_the_last_fifty_and_why_some_stayed_silent(stage):
    reports = Reports(60)
    announcer = Announcer(manner("en", times=1), reports, stage, VoiceChain([stage]), clock=stage.clock)
    for moment_s, one in burst(60, 1.0).items():
        stage.at(moment_s, partial(announcer.enqueue_call, one))
    announcer.enqueue_call(ONE)
    reports.wait()
    status = announcer.voice_status()
    announcer.stop()
    assert (len(status.recent), status.recent[-1], status.waiting, status.restarts) == (50, status.last, 0, 0)
    assert {one.cause for one in status.silent} == {"too_many"}
    assert all(one in reports.so_far for one in status.recent)


LENGTHS = saying.AnnouncementLengths(chime_s=1.0, full_s=9.0, short_s=3.0)


def waiting_for(*calls: tuple[Announcement, float]) -> WaitingAnnouncements:
    """Return what waits after these calls, each added at its time, where a recall is held back for 20 seconds."""
    waiting = WaitingAnnouncements(20.0)
    for announcement, at_s in calls:
        waiting.add_call(announcement, at_s)
    return waiting


def taken(waiting: WaitingAnnouncements, now_s: float) -> NextCallsToSay:
    turn = waiting.take_next_turn(now_s, LENGTHS)
    assert isinstance(turn, NextCallsToSay)
    return turn


def test_nothing_is_repeated_or_translated_where_somebody_would_come_too_late_nor_repeated_before_a_recall():
    assert waiting_for().may_repeat_call(9.0, 9.0, LENGTHS)
    waiting = waiting_for((call(1, "A001"), 5.0))
    assert waiting.may_repeat_call(9.0, 9.0, LENGTHS)
    assert not waiting.may_repeat_call(10.0, 9.0, LENGTHS)
    assert not waiting_for((call(1, "A001", recall=1), 9.0)).may_repeat_call(9.0, 1.0, LENGTHS)
    waiting = waiting_for(*((call(seq, f"A00{seq}"), 0.0) for seq in range(3)))
    assert waiting.may_add_next_language(1.0, 4.0, LENGTHS)
    assert not waiting.may_add_next_language(6.0, 4.0, LENGTHS)
    assert waiting.may_add_next_language(40.0, 4.0, LENGTHS), "who is too late in any case is no reason"


def test_a_recall_within_the_gap_is_held_back_unless_nobody_heard_the_call():
    waiting = waiting_for((call(1, "A001"), 0.0))
    taken(waiting, 0.0)
    waiting.add_call(call(2, "A001", recall=1), 5.0)
    waiting.add_call(call(3, "A002"), 6.0)
    assert [item.announcement.ticket for item in taken(waiting, 6.0).items] == ["A002"]
    waiting.add_call(call(4, "A001", recall=2), 12.0)
    due = waiting.seconds_until_due(12.0), waiting.take_next_turn(19.9, LENGTHS)
    assert due == (8.0, None), "a second one puts it off no longer"
    (held,) = taken(waiting, 20.0).items
    assert (held.due_s, held.seqs) == (20.0, (2, 4))
    waiting.add_call(call(5, "A001", recall=3), 40.0)
    assert waiting.seconds_until_due(40.0) == 0.0, "after the gap it is due at once"
    taken(waiting, 40.0)
    waiting.forget_begun_call("A001")
    waiting.add_call(call(6, "A001", recall=4), 45.0)
    assert [item.seqs for item in taken(waiting, 45.0).items] == [(6,)]
    assert waiting.seconds_until_due(45.0) is None


def test_a_try_says_what_is_shown_and_spoken_by_whom_and_how_and_without_a_voice_leaves_no_file(tmp_path):
    with VoiceChain([EngineProcess(reply_s=PATIENCE_S), EspeakCommandEngine()]) as chain:
        tried = write_trial_call(VoiceSpec(), call(), 600, tmp_path / "call.wav", chain=chain)
    assert list(tried.texts) == ["zh_CN", "en"]
    assert tried.texts["en"] == "Ticket B031, please go to window 3, left, area A."
    assert tried.spoken["en"] == "Ticket B, 0 3 1, please go to window 3, left, area A."
    assert (tried.links, tried.link) == ({"zh_CN": "pyttsx3", "en": "pyttsx3"}, "pyttsx3")
    assert sound.sound_length_s(sound.read_wav(tmp_path / "call.wav")) == pytest.approx(tried.sound_ms / 1000, abs=0.01)
    # A slower and quieter hour sounds slower and quieter.
    hours = VoiceSpeedAndVolumeFromTime(start=480), VoiceSpeedAndVolumeFromTime(start=720, speed_pct=70, volume_pct=40)
    spec, way = VoiceSpec(languages=("en",), chime=False, hours=hours), {"languages": ("zh_CN", "en")}
    with VoiceChain([EspeakCommandEngine()]) as espeak:
        usual = write_trial_call(spec, call(), 600, tmp_path / "usual.wav", chain=espeak, **way)
        calm = write_trial_call(spec, call(), 780, tmp_path / "calm.wav", chain=espeak, **way)
    assert list(usual.texts) == ["en"]
    assert calm.sound_ms > 1.25 * usual.sound_ms
    loud, quiet = (sound.peak_amplitude(sound.read_wav(tmp_path / name)) for name in ("usual.wav", "calm.wav"))
    assert quiet / loud == pytest.approx(0.4, abs=0.05)
    with VoiceChain([EspeakCommandEngine("no-such-program")]) as dumb:
        tried = write_trial_call(VoiceSpec(yao=True), call(), 600, tmp_path / "none.wav", chain=dumb)
    assert (tried.link, tried.links, tried.sound_ms) == ("none", {}, 0)
    assert not (tmp_path / "none.wav").exists()
