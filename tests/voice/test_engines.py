"""The links of the chain with their real engines, and what becomes of a text when one of them fails."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.voice import sound
from queuedesk.voice.engines import COMMAND, REPLY_S, Chain, EngineProcess, EspeakCommand, Voice, choose_voice, render
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.voice.hearing import REFUSES, call

LANGUAGES = ("zh_CN", "en")
HURRY = """
import sys
from pathlib import Path
from queuedesk.voice import sound
from queuedesk.voice.engines import Pyttsx3Engine
said = Path(sys.argv[1])
engine = Pyttsx3Engine(said.parent)
{fault}
lengths = []
for number in range(40):
    engine.save(f"Ticket A, 0 {{number % 2}}, please go to window 3.", "gmw/en", said)
    lengths.append(sound.length_s(sound.read(said)))
Path(sys.argv[2]).write_text(" ".join(map(str, lengths)))
"""
EMPTY_AT_FIRST = """
run, runs = engine._engine.runAndWait, iter(range(1000))
def faulty():
    run()
    engine._completed.wait()
    if next(runs) % 3 < 2:
        said.write_bytes(said.read_bytes()[:44])
engine._engine.runAndWait = faulty
"""


@pytest.fixture
def engine(request):
    """One that is given time, but where a test asks how soon it is given up."""
    process = EngineProcess(reply_s=getattr(request, "param", PATIENCE_S))
    until(process.languages)  # It waits once, for as long as a call may.
    yield process
    process.close()


@pytest.fixture
def chain(engine):
    with Chain([engine, EspeakCommand()]) as links:
        assert links.available_languages() == LANGUAGES
        yield links


def test_both_engines_speak_both_languages_whole_calls_and_at_another_speed_until_closed(chain, engine, tmp_path):
    for link in (engine, EspeakCommand()):
        assert link.languages() == LANGUAGES
        for language in LANGUAGES:
            link.synthesise("3, 2 1", language, tmp_path / "said.wav")
            assert len(sound.read(tmp_path / "said.wav")) > sound.RATE_HZ

    assert render(call(), "zh_CN", tmp_path / "call.wav", chain) == "pyttsx3"
    assert 3 < sound.length_s(sound.read(tmp_path / "call.wav")) < 8

    lengths = {}
    for speed_pct in (100, 70, 130, 100):
        assert chain.synthesise("Ticket A, 0 1 7", "en", tmp_path / "said.wav", speed_pct) == "pyttsx3"
        lengths[speed_pct] = len(sound.read(tmp_path / "said.wav"))
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


@pytest.mark.parametrize("fault", ["", EMPTY_AT_FIRST])
def test_texts_that_follow_at_once_all_come_out_whole(tmp_path, fault):
    """A file that stays empty is done again and nobody notices."""
    lengths = tmp_path / "lengths"
    program = (sys.executable, "-c", HURRY.format(fault=fault), str(tmp_path / "said.wav"), str(lengths))
    subprocess.run(program, stdout=subprocess.DEVNULL, check=True)
    lengths_s = [float(length) for length in lengths.read_text().split()]

    assert len(lengths_s) == 40
    assert max(lengths_s) - min(lengths_s) < 0.35


def test_render_without_a_voice_is_refused_and_leaves_no_file(tmp_path):
    with pytest.raises(OutsideError, match="voice_silent"):
        render(call(), "zh_CN", tmp_path / "call.wav", Chain([EspeakCommand("no-such-program")]))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", [REPLY_S], indirect=True)
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
    """Several times, as the operating system may take the processor away at any of them."""
    took_s = []
    for _time in range(5):
        os.kill(engine.pid, signal.SIGKILL)
        with Stopwatch() as took:
            assert chain.synthesise("1", "en", tmp_path / "said.wav") == "espeak-ng"
        took_s.append(took.s)
        until(engine.languages)
        assert chain.synthesise("1", "en", tmp_path / "said.wav") == "pyttsx3"

    assert sorted(took_s)[2] < 0.2
    assert engine.restarts == 5


def test_an_engine_that_cannot_start_is_left_alone(tmp_path):
    starts = tmp_path / "starts"
    dying = (sys.executable, "-c", f"open({str(starts)!r}, 'a').write('x')")
    with Chain([EngineProcess(dying), EspeakCommand()]) as chain:
        for _ in range(5):
            assert chain.synthesise("1", "en", tmp_path / "said.wav") == "espeak-ng"

    assert starts.read_text() == "x"


def test_without_any_engine_no_language_is_available(tmp_path):
    with Chain([EngineProcess(REFUSES), EspeakCommand("no-such-program")]) as chain:
        assert chain.available_languages() == ()
        assert chain.synthesise("1", "en", tmp_path / "said.wav") is None

    with Chain([EngineProcess(("no-such-program",))]) as chain:
        assert chain.available_languages() == ()


def test_espeak_that_cannot_write_counts_as_silent(tmp_path):
    """It says so on standard error alone and exits with 0."""
    with pytest.raises(OutsideError, match="voice_silent"):
        EspeakCommand().synthesise("1", "en", tmp_path / "no-such-folder" / "said.wav")


def test_the_engine_process_answers_in_lines_of_json_alone_and_ends_with_its_parent(tmp_path):
    said = tmp_path / "said.wav"
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
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


@pytest.mark.parametrize(
    ("voices", "chinese", "english"),
    [
        ([Voice("sit/cmn", ("cmn",)), Voice("sit/cmn-latn-pinyin"), Voice("gmw/en")], "sit/cmn-latn-pinyin", "gmw/en"),
        ([Voice("sit/cmn", ("zh",)), Voice("sit/yue", ("zh-yue",))], None, None),
        ([Voice("HUIHUI", ("zh_CN",)), Voice("ZIRA", ("en_US",))], "HUIHUI", "ZIRA"),
        ([Voice("Tracy", ("zh_HK",)), Voice("Hazel", ("en_GB",))], None, "Hazel"),
        ([], None, None),
    ],
)
def test_only_a_voice_that_speaks_a_language_rightly_is_chosen(voices, chinese, english):
    assert (choose_voice("zh_CN", voices), choose_voice("en", voices)) == (chinese, english)


def test_sounds_that_cannot_be_read_or_written_are_named(tmp_path: Path):
    (tmp_path / "empty.wav").write_bytes(b"")
    for path in (tmp_path / "empty.wav", tmp_path / "missing.wav"):
        with pytest.raises(OutsideError, match="sound_unreadable"):
            sound.read(path)
    with pytest.raises(OutsideError, match="cannot_write"):
        sound.write([sound.Silence(0.1)], tmp_path / "no-such-folder" / "said.wav")
