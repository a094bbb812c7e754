"""The announcer with real programs as players: who speaks, what is reported, and how soon it ends."""

import os
import queue
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.voice import announcer as voices
from queuedesk.voice import sound
from queuedesk.voice.announcer import USUAL_VOLUME, AnnouncementSpeaker, Announcer, TextInPartsSpeaker, VoiceLock
from queuedesk.voice.engines import EngineProcess, EspeakCommandEngine, VoiceChain, spoken_notice_text
from queuedesk.voice.saying import SpeakingResult
from queuedesk.voice.sound import GRACE_S, WavPlayer
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.processes import is_alive
from tests.voice.hearing import DONE, HANGS, REFUSES, Recording, Reports, call, find_all, likeness, manner, sound_card

pytestmark = pytest.mark.waits
LANGUAGES = ("zh_CN", "en")


@pytest.fixture
def start():
    """Start announcers that end with the test; with espeak-ng and a player that does nothing, unless told otherwise."""
    started: list[Announcer] = []

    def starting(report, *, player=None, chain=None, languages=LANGUAGES, spec=None, **rest):
        chain = chain or VoiceChain([EspeakCommandEngine()])
        announcer = Announcer(manner(*languages, **spec or {}), report, player or WavPlayer([DONE]), chain, **rest)
        started.append(announcer)
        return announcer

    yield starting
    for announcer in started:
        announcer.stop()


class CountedLock(VoiceLock):
    """Counts how often somebody has asked for it."""

    asked = 0

    def try_to_take(self) -> bool:
        is_taken = super().try_to_take()
        self.asked += 1
        return is_taken


def one_report(start, **how) -> SpeakingResult:
    reports = Reports(1)
    start(reports, **how).enqueue_call(call())
    return reports.wait()[0]


def say_two(announcer: Announcer) -> None:
    announcer.enqueue_call(call(1, "A001"))
    announcer.enqueue_call(call(2, "A002"))


def test_a_caller_never_waits(start):
    plays, may_end = threading.Event(), threading.Event()

    class HeldPlayer(WavPlayer):
        def play(self, path: Path, length_s: float) -> bool:
            plays.set()
            return may_end.wait()

    announcer, blocked_s = start(Reports(1), player=HeldPlayer([DONE])), []
    for seq in range(200):
        begun_s = time.perf_counter()
        announcer.enqueue_call(call(seq, f"A{seq:03}"))
        blocked_s.append(time.perf_counter() - begun_s)
        assert seq or plays.wait(PATIENCE_S)
    assert announcer.voice_status().waiting == 199
    may_end.set()
    # Of the slower half each may have met an operating system that took the processor away.
    assert sorted(blocked_s)[100] < 0.005


def test_the_weaker_link_the_next_player_and_a_voice_without_a_chime_speak_all_the_same(start, tmp_path):
    weaker = VoiceChain([EngineProcess(REFUSES), EspeakCommandEngine()])
    report = one_report(start, chain=weaker, player=WavPlayer([REFUSES, DONE]), chime=tmp_path / "no-such.wav")
    assert (report.link, report.spoken) == ("espeak-ng", True)
    # Without a voice the chime is played, and the call is not spoken.
    reports = Reports(1)
    announcer = start(reports, chain=VoiceChain([EspeakCommandEngine("no-such-program")]))
    announcer.enqueue_call(call())
    (report,) = reports.wait()
    assert (report.link, report.spoken, report.sound_ms) == ("chime", False, 850)
    assert (announcer.voice_status().languages, announcer.voice_status().missing) == ((), ("zh_CN", "en"))
    assert announcer.voice_status().silent == (report,)
    # A player that hangs is ended after the sound, and the next call goes on.
    reports = Reports(2)
    say_two(start(reports, player=WavPlayer([HANGS], grace_s=0.1), languages=[]))
    assert [(report.seq, report.spoken) for report in reports.wait()] == [(1, False), (2, False)]


def test_neither_a_database_that_is_away_nor_a_cleared_temporary_folder_silences_it(start, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reports = Reports(2)

    def report(spoken: SpeakingResult) -> None:
        reports(spoken)
        raise OutsideError("database_away")

    announcer = start(report)
    announcer.enqueue_call(call(1, "A001"))
    until(lambda: reports.so_far)
    for folder in tmp_path.iterdir():
        shutil.rmtree(folder)
    announcer.enqueue_call(call(2, "A002"))
    assert [spoken.spoken for spoken in reports.wait()] == [True, True]


def test_a_bug_is_told_costs_one_call_and_silences_nothing_else(start, monkeypatch):
    """Whoever waits for the call reads of it under "not heard"; the next one is spoken."""
    reports, met = Reports(2), []
    monkeypatch.setattr(threading, "excepthook", lambda came: met.append(came.exc_type))
    say, fails = AnnouncementSpeaker.speak_turn, [True]

    def say_but_once(*given):
        if fails:
            fails.pop()
            raise SystemExit
        return say(*given)

    monkeypatch.setattr(AnnouncementSpeaker, "speak_turn", say_but_once)
    say_two(start(reports))
    assert [(one.seq, one.spoken, one.cause) for one in reports.wait()] == [(1, False, "no_sound"), (2, True, None)]
    assert met == [SystemExit]


def test_stopping_in_the_middle_ends_player_and_engine_within_a_second(tmp_path):
    pipe, engine, reports = tmp_path / "pid", EngineProcess(), Reports(1)
    os.mkfifo(pipe)
    announcer = Announcer(manner("en"), reports, WavPlayer([says_its_pid(pipe)]), VoiceChain([engine]))
    announcer.enqueue_call(call())
    player_pid = int(pipe.read_text())
    with Stopwatch() as took:
        announcer.stop()
    assert took.s < 1.0
    for pid in (player_pid, engine.pid):
        until(lambda pid=pid: not is_alive(pid))
    assert reports.so_far == []


def test_a_lock_that_is_taken_late_is_not_kept_by_one_that_was_stopped(start, tmp_path):
    """On a busy PC the thread has its first turn when nobody waits for its end any more."""
    may_go = threading.Event()

    class LateLock(VoiceLock):
        def try_to_take(self) -> bool:
            may_go.wait()
            return super().try_to_take()

    late, lock = threading.Timer(1.5, may_go.set), LateLock(tmp_path / "voice.lock")
    announcer = start(Reports(1), lock=lock)
    late.start()
    announcer.stop()
    until(lambda: all(thread.name != "announcer" for thread in threading.enumerate()))
    assert may_go.is_set() and not lock.is_held_by_this_object


def test_only_the_holder_of_the_lock_speaks_and_another_takes_over(start, tmp_path):
    first_reports, second_reports = Reports(1), Reports(1)
    first = start(first_reports, lock=VoiceLock(tmp_path / "voice.lock"))
    first.enqueue_call(call(1, "A001"))
    first_reports.wait()
    lock = CountedLock(tmp_path / "voice.lock")
    second = start(second_reports, lock=lock)
    second.enqueue_call(call(1, "A001"))
    until(lambda: lock.asked == 2)  # at its start, and for the call
    assert (first.voice_status().is_speaker, second.voice_status().is_speaker) == (True, False)
    first.stop()
    second.enqueue_call(call(2, "A002"))
    assert [report.seq for report in second_reports.wait()] == [2]
    assert second.voice_status().is_speaker and lock.try_to_take(), "who has it may ask again"
    (tmp_path / "file").write_text("in the way")
    assert VoiceLock(tmp_path / "file" / "voice.lock").try_to_take(), "a folder that takes none silences nobody"


Heard = queue.SimpleQueue[tuple[str, bool]]


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    with sound_card(tmp_path_factory.mktemp("card")):
        yield


def speaking(heard: Heard, *command: str) -> TextInPartsSpeaker:
    player = WavPlayer([command or ("paplay", "-d", "office")])
    return TextInPartsSpeaker(
        chain=lambda: VoiceChain([EspeakCommandEngine()]),
        player=lambda _chain: player if command else WavPlayer([("paplay", "-d", "office")]),
        heard=lambda text, played: heard.put((text, played)),
    )


def prompt_sound(text: str, path: Path) -> sound.Samples:
    EspeakCommandEngine().synthesise(spoken_notice_text(text, "en"), "en", path)
    return sound.without_silent_ends(sound.read_wav(path))


def test_a_ticket_is_read_and_no_other_number_until_something_newer_cuts_it_off(card: None, tmp_path) -> None:
    heard: Heard = queue.SimpleQueue()
    prompts, recording = speaking(heard), Recording("office")
    prompts.speak(["Your number is A017.", "Three people are ahead."], "en")
    assert heard.get(timeout=PATIENCE_S) == ("Your number is A017. Three people are ahead.", True)
    ended_s = recording.length_s
    prompts.speak(["One long sentence about papers, fees and steps of a service."] * 20, "en")
    until(lambda: recording.length_s >= ended_s + 2)
    prompts.speak(["Account services."], "en")
    assert heard.get(timeout=PATIENCE_S) == ("Account services.", True)
    prompts.stop_speaking()
    prompts.stop()
    samples = recording.end()
    assert find_all(prompt_sound("Account services.", tmp_path / "new.wav"), samples)
    assert sound.sound_length_s(samples) - ended_s < 30
    assert heard.empty()
    assert find_all(prompt_sound("Your number is A017.", tmp_path / "own.wav"), samples)
    assert find_all(prompt_sound("Three people are ahead.", tmp_path / "second.wav"), samples)
    assert likeness(prompt_sound("Your number is A018.", tmp_path / "other.wav"), samples).max() < 0.8


def test_the_volume_goes_in_steps_and_back_to_the_usual(card: None) -> None:
    heard: Heard = queue.SimpleQueue()
    prompts = speaking(heard)
    peak_amplitude: list[int] = []
    recording = Recording("office")
    most = len(voices.VOLUMES_PCT)
    for step in range(1, most + 1):
        assert prompts.set_volume_step(step) == step
        begun_s = recording.length_s
        prompts.speak(["No."], "en")
        heard.get(timeout=PATIENCE_S)
        peak_amplitude.append(sound.peak_amplitude(recording.since(begun_s)))
    recording.end()
    assert (prompts.set_volume_step(9), prompts.set_volume_step(0)) == (most, USUAL_VOLUME)
    prompts.stop()
    decibels = 20 * np.log10(np.array(peak_amplitude) / peak_amplitude[0])
    assert decibels[-1] >= 18
    assert decibels[USUAL_VOLUME - 1] >= 11.5
    assert list(decibels) == sorted(decibels)


def test_nothing_counts_as_heard_unless_the_player_says_so_and_one_that_hangs_is_ended_by_the_next_text() -> None:
    heard: Heard = queue.SimpleQueue()
    for player in (REFUSES, ("no-such-player",)):
        prompts = speaking(heard, *player)
        prompts.speak(["Account services."], "en")
        assert heard.get(timeout=PATIENCE_S) == ("Account services.", False)
        prompts.stop()
    prompts = speaking(heard, *HANGS)
    for word in ("One", "Two", "Three"):
        prompts.speak([word], "en")
    prompts.stop()
    assert heard.empty()
    prompts.speak(["Four"], "en")
    assert heard.empty()


def test_without_a_player_a_call_soon_ends_as_not_spoken(start, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # Another test has a sound card there.
    with Stopwatch() as usual:  # with engines and players that are as late as the PC is busy
        assert one_report(start).spoken
    for how, within_s in (
        ({"player": WavPlayer([])}, 1.0),
        ({"player": WavPlayer([REFUSES])}, 1.0),
        ({"player": WavPlayer([("no-such-program",)])}, 1.0),
        ({"player": WavPlayer()}, 2.0),  # the real ones, without a sound card
        ({"chain": VoiceChain([]), "player": WavPlayer([]), "chime": Path("no-such.wav")}, 1.0),
    ):
        with Stopwatch() as took:
            report = one_report(start, **how)
        assert (report.link, report.spoken, report.sound_ms) == ("none", False, 0)
        assert took.s < max(within_s, 2 * usual.s)


LENGTH_S = 0.2


def says_its_pid(path: Path, *, again: int | None = None) -> tuple[str, ...]:
    """Return a player that writes its process id and never ends; the second time it ends with `again`, if given."""
    program = f"""
import os, pathlib, sys, time
been = pathlib.Path({str(path)!r} + ".been")
if been.exists():
    sys.exit({again})
been.touch()
pathlib.Path({str(path)!r}).write_text(str(os.getpid()))
time.sleep(600)
"""
    return (sys.executable, "-c", program)


def once_it_plays(pipe: Path, signal_number: int) -> threading.Thread:
    """Send a signal to the player as soon as it has said its process id."""
    os.mkfifo(pipe)
    thread = threading.Thread(target=lambda: os.kill(int(pipe.read_text()), signal_number))
    thread.start()
    return thread


@pytest.mark.parametrize(("again", "next_ones", "is_played"), [(0, [], True), (1, [DONE], True), (1, [], False)])
def test_a_killed_player_says_it_again_or_makes_room_for_the_next(tmp_path, again, next_ones, is_played):
    killer = once_it_plays(tmp_path / "pid", signal.SIGKILL)
    player = WavPlayer([says_its_pid(tmp_path / "pid", again=again), *next_ones])
    assert player.play(tmp_path / "call.wav", LENGTH_S) is is_played
    killer.join()


def test_a_player_that_is_frozen_or_does_not_end_is_noticed_three_seconds_behind_its_sound(tmp_path):
    freezer = once_it_plays(tmp_path / "pid", signal.SIGSTOP)
    players = [WavPlayer([command]) for command in (says_its_pid(tmp_path / "pid"), HANGS)]
    begun_s = time.monotonic()

    def play(player: WavPlayer) -> tuple[bool, bool]:
        is_played = player.play(tmp_path / "call.wav", LENGTH_S)
        return is_played, time.monotonic() - begun_s >= LENGTH_S + GRACE_S

    with Stopwatch() as took, ThreadPoolExecutor(len(players)) as both:
        assert list(both.map(play, players)) == [(False, True)] * 2
    assert took.s < LENGTH_S + GRACE_S + 1.0
    freezer.join()
