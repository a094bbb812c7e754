"""Many calls, recalls, notices and emergencies at once: what is said when, and what is left out."""

import random
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceSpec, VoiceSpeedAndVolumeFromTime
from queuedesk.core.talk.announcement import Announcement
from queuedesk.voice import saying, sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import EngineProcess, EspeakCommandEngine, VoiceChain
from queuedesk.voice.saying import NextCallsToSay, SpokenNotice, VoiceManner, WaitingAnnouncements, write_trial_call
from tests.bounded import PATIENCE_S
from tests.every_day import one_of
from tests.voice.hearing import Reports, call, manner, short_call

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


LANGUAGES = ("zh_CN", "en")
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
