"""The links of the chain with their real engines, what they say of a call, and calls joined of recorded words."""

import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.voice import engines, sound
from queuedesk.voice.engines import (
    EspeakCommandEngine,
    VoiceChain,
    VoiceListedByEngine,
    displayed_call_phrase,
    spoken_call_phrase,
)
from queuedesk.voice.saying import clip_coverage_of_folder, needed_clip_names, write_missing_clips
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.voice.hearing import REFUSES, call, find_all, short_call

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
