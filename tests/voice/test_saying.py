"""Many calls, recalls, notices and emergencies at once: what is said when, and what is left out."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.hall import VoiceHours, VoiceSpec
from queuedesk.core.talk.announcement import Announcement
from queuedesk.voice import sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import Chain, EspeakCommand
from queuedesk.voice.saying import Lengths, Manner, Spoken, Turn, WaitingCalls, Words, try_call
from tests.every_day import one_of
from tests.voice.hearing import Reports, call, manner, short_call

PER_LETTER_S = 0.16
"""A Chinese call of usual length takes four seconds and a half, an English one six."""


@dataclass(frozen=True)
class Sound:
    """What the loudspeaker was given: when, for how long, and which texts were made for it."""

    start_s: float
    length_s: float
    texts: tuple[str, ...]


class Stage:
    """Engine and loudspeaker in one. What is to happen at a moment happens in the middle of the sound of that
    moment."""

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

    # The loudspeaker

    def play(self, path: Path, length_s: float) -> bool:
        if self.fails_from is not None and len(self.sounds) >= self.fails_from:
            return False
        self.sounds.append(Sound(self.now_s, length_s, tuple(self._made)))
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

    # The engine

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
        sound.write([sound.new_samples([9000]) * size], path)

    def close(self) -> None:
        """Nothing to end."""

    @property
    def texts(self) -> list[str]:
        return [text for each in self.sounds for text in each.texts]


def perform(
    stage: Stage, manner: Callable[[], Manner], wanted: int, begin: Callable[[Announcer], None]
) -> list[Spoken]:
    """Let an announcer speak on the stage from `begin` until there are `wanted` reports, and return them."""
    reports = Reports(wanted)
    announcer = Announcer(manner, reports, stage, Chain([stage]), clock=stage.clock)
    try:
        begin(announcer)
        return reports.wait()
    finally:
        announcer.stop()


LANGUAGES = ("zh_CN", "en")
LATEST_MS = 15_000


@pytest.fixture
def stage() -> Stage:
    return Stage()


def burst(stage: Stage, size: int, within_s: float):
    """Return what gives a call at once, and the others one after another within a time."""

    def begin(announcer: Announcer) -> None:
        for seq in range(2, size + 1):
            call = short_call(seq, f"A{seq:03}", str(seq))
            stage.at(within_s * seq / size, lambda call=call: announcer.say(call))
        announcer.say(short_call(1, "A001", "1"))

    return begin


def test_of_22_calls_in_a_second_each_begins_in_time_or_is_reported(stage):
    reports = perform(stage, manner(*LANGUAGES), 22, burst(stage, 22, 1.0))

    assert sorted(report.seq for report in reports) == list(range(1, 23))
    spoken = [report for report in reports if report.spoken]
    assert len(spoken) >= 4
    assert max(report.delay_ms for report in spoken) <= LATEST_MS
    assert {(report.link, report.cause) for report in reports if not report.spoken} == {("none", "too_many")}
    assert "其他号码, 请看大屏" in stage.texts, "those who were left out are pointed to the screen"


def test_several_in_one_announcement_say_number_and_window_faster_and_once(stage):
    reports = perform(stage, manner("zh_CN"), 5, burst(stage, 5, 0.5))

    assert all(report.spoken for report in reports)
    merged = [each for each in stage.sounds if len(each.texts) > 1]
    assert [text for each in merged for text in each.texts] == [
        f"A, 零 零 {n}, {w} 号窗口" for n, w in zip("二三四五", "2345", strict=True)
    ]
    assert stage.speeds == {100, 125}
    assert reports[-1].text == "A005，5 号窗口"


@pytest.mark.parametrize("seed", one_of(range(8), 0))
def test_however_calls_come_none_begins_late_and_none_is_forgotten(stage, seed):
    """A call every five seconds on average, at random: about what 20 windows give."""
    chance = random.Random(seed)
    size, at_s = 60, 0.0

    def begin(announcer: Announcer) -> None:
        nonlocal at_s
        for seq in range(2, size + 1):
            at_s += chance.expovariate(1 / 5)
            call = short_call(seq, f"B{seq:03}", str(seq % 20 + 1), recall=int(chance.random() < 0.1))
            stage.at(at_s, lambda call=call: announcer.say(call))
        stage.at(0.0, lambda: None)
        # So that there is a sound to the very end, in which what is to happen happens.
        announcer.say_words(Words(seq=0, texts={"zh_CN": "请在座位上等候叫号。" * 80}))
        announcer.say(short_call(1, "B001", "1"))

    said = perform(stage, manner(*LANGUAGES), size + 1, begin)
    reports = [report for report in said if report.seq]

    assert sorted(report.seq for report in said) == list(range(size + 1))
    assert max(report.delay_ms for report in reports if report.spoken) <= LATEST_MS
    assert sum(report.spoken for report in reports) >= size * 0.9


def test_a_recall_is_said_before_the_repetition_and_before_all_that_waits(stage):
    def begin(announcer: Announcer) -> None:
        stage.at(2.0, lambda: announcer.say(short_call(2, "A002", "2")))
        stage.at(3.0, lambda: announcer.say(short_call(3, "C009", "9", recall=1)))
        announcer.say(short_call(1, "A001", "1"))

    reports = perform(stage, manner("zh_CN"), 3, begin)

    assert [report.seq for report in reports] == [1, 3, 2]
    assert stage.texts.count("请 A, 零 零 一 号, 到 1 号窗口") == 1


def test_a_notice_is_read_between_calls_sentence_by_sentence(stage):
    sentences = "请坐下等候。谢谢您的耐心。本厅今天下午四点结束营业。"

    def begin(announcer: Announcer) -> None:
        stage.at(1.0, lambda: announcer.say(short_call(2, "A002", "2")))
        announcer.say_words(Words(seq=1, texts={"zh_CN": sentences}))

    reports = perform(stage, manner("zh_CN", times=1), 2, begin)

    assert [(report.seq, report.spoken) for report in reports] == [(2, True), (1, True)]
    said = ["请坐下等候.", "请 A, 零 零 二 号, 到 2 号窗口", "谢谢您的耐心.", "本厅今天下午四点结束营业."]
    assert stage.texts == said
    assert (reports[1].text, reports[1].ticket) == (sentences, None)
    length_s = sum(s.length_s for s in (stage.sounds[0], *stage.sounds[2:]))
    assert reports[1].sound_ms == pytest.approx(length_s * 1000, abs=2)


def test_an_emergency_cuts_in_after_the_call_that_is_spoken_and_is_read_through(stage):
    urgent = Words(seq=7, texts={"zh_CN": "请立即离开。走楼梯。", "en": "Leave now."}, urgent=True, times=2)

    def begin(announcer: Announcer) -> None:
        stage.at(2.0, lambda: announcer.say(short_call(2, "A002", "2")))
        stage.at(3.0, lambda: announcer.say_words(urgent))
        announcer.say(short_call(1, "A001", "1"))

    reports = perform(stage, manner(*LANGUAGES), 3, begin)

    assert [report.seq for report in reports] == [1, 7, 2]
    emergency = ["请立即离开.", "走楼梯.", "Leave now."]
    assert stage.texts[1:8] == ["Ticket A, 0 0 1, please go to window 1.", *emergency, *emergency]
    assert [s.texts for s in stage.sounds[:2]] == [(stage.texts[0], stage.texts[1]), (emergency[0],)]


def test_a_notice_that_ends_while_it_is_read_is_read_no_further(stage):
    def begin(announcer: Announcer) -> None:
        stage.at(0.5, lambda: announcer.withdraw_words(1))
        announcer.say_words(Words(seq=1, texts={"en": "Please take a seat. Thank you."}))

    (report,) = perform(stage, manner(*LANGUAGES), 1, begin)

    assert stage.texts == ["Please take a seat."]
    assert report.spoken


def test_a_notice_that_ends_before_a_word_of_it_was_read_is_no_fault_of_the_voice(stage):
    class EndsMeanwhile(Stage):
        def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
            if language in self.dumb_in:
                announcer_of[0].withdraw_words(1)
            super().synthesise(text, language, path, speed_pct)

    announcer_of: list[Announcer] = []
    own = EndsMeanwhile()
    own.dumb_in = ("zh_CN",)

    def begin(announcer: Announcer) -> None:
        announcer_of.append(announcer)
        announcer.say_words(Words(seq=1, texts={"zh_CN": "请坐下等候。", "en": "Please take a seat."}))
        announcer.say_words(Words(seq=2, texts={"en": "We close at 4."}))

    (report,) = perform(own, manner("zh_CN", "en"), 1, begin)

    assert (report.seq, report.cause, own.texts) == (2, None, ["We close at 4."])


def test_a_long_notice_is_cut_at_its_commas(stage):
    text = "，".join(["请持号票的客户在座位上等候叫号"] * 6) + "。"
    perform(stage, manner("zh_CN"), 1, lambda announcer: announcer.say_words(Words(seq=1, texts={"zh_CN": text})))

    assert max(each.length_s for each in stage.sounds) < 10
    assert "".join(stage.texts).replace(" ", "") == text.replace("，", ",").replace("。", ".")


def test_the_hour_and_the_set_up_hold_from_the_next_call_on(stage):
    now = Manner(languages=("zh_CN",))

    def change(announcer: Announcer) -> None:
        nonlocal now
        slow = (VoiceHours(start=0), VoiceHours(start=720, speed_pct=80))
        now = Manner(languages=("en",), spec=manner(times=1, chime=False, hours=slow)().spec, minute=800)
        announcer.say(short_call(2, "A002", "2"))

    def begin(announcer: Announcer) -> None:
        stage.at(1.0, lambda: change(announcer))
        announcer.say(short_call(1, "A001", "1"))

    perform(stage, lambda: now, 2, begin)

    assert stage.texts == ["请 A, 零 零 一 号, 到 1 号窗口", "Ticket A, 0 0 2, please go to window 2."]
    assert stage.speeds == {100, 80}
    (second,) = (each for each in stage.sounds if stage.texts[1] in each.texts)
    assert second.length_s == pytest.approx(len(stage.texts[1]) * 0.16 / 0.8 + 0.4, abs=0.01)


def test_a_language_without_a_voice_is_left_out_and_said_to_be_missing(stage):
    stage.dumb_in = ("zh_CN",)
    (report,) = perform(stage, manner(*LANGUAGES), 1, lambda announcer: announcer.say(short_call()))

    assert (report.text, report.spoken) == ("Ticket B031, please go to window 3.", True)


def test_a_player_that_fails_in_the_middle_leaves_what_was_heard(stage):
    stage.fails_from = 1
    (report,) = perform(stage, manner(*LANGUAGES), 1, lambda announcer: announcer.say(short_call()))

    assert (report.spoken, report.text) == (True, "请 B031 号到 3 号窗口。")
    assert report.sound_ms == round(stage.sounds[0].length_s * 1000)


def test_the_status_keeps_the_last_fifty_and_why_some_stayed_silent(stage):
    reports = Reports(60)
    announcer = Announcer(manner("en", times=1), reports, stage, Chain([stage]), clock=stage.clock)
    announcer.say(short_call(1, "A001", "1"))
    for seq in range(2, 61):
        announcer.say(short_call(seq, f"A{seq:03}", "1"))
    reports.wait()
    status = announcer.status()
    announcer.stop()

    assert (len(status.recent), status.recent[-1], status.waiting, status.restarts) == (50, status.last, 0, 0)
    assert {one.cause for one in status.silent} == {"too_many"}
    assert all(one in reports.so_far for one in status.recent)


GAP_S = 20.0
LENGTHS = Lengths(chime_s=1.0, full_s=9.0, short_s=3.0)


def test_more_than_can_be_said_in_time_go_into_one_announcement_and_one_that_is_too_late_is_said_to_be():
    waiting = waiting_for(*((call(seq, f"A00{seq}"), 0.0) for seq in range(3)))

    turn = taken(waiting, 0.0)
    assert (len(turn.items), turn.is_merged, turn.too_late) == (3, True, ())
    turn = taken(waiting_for((call(1, "A001"), 0.0), (call(2, "A002"), 10.0)), 15.0)

    assert [[item.announcement.ticket for item in some] for some in (turn.items, turn.too_late)] == [["A002"], ["A001"]]


def test_nothing_is_repeated_where_somebody_would_come_too_late_and_a_recall_waits_for_no_repetition():
    assert waiting_for().may_repeat(9.0, 9.0, LENGTHS)
    waiting = waiting_for((call(1, "A001"), 5.0))

    assert waiting.may_repeat(9.0, 9.0, LENGTHS)
    assert not waiting.may_repeat(10.0, 9.0, LENGTHS)
    assert not waiting_for((call(1, "A001", recall=1), 9.0)).may_repeat(9.0, 1.0, LENGTHS)


def test_the_second_language_is_left_out_only_where_it_costs_somebody_the_time():
    waiting = waiting_for(*((call(seq, f"A00{seq}"), 0.0) for seq in range(3)))

    assert waiting.may_translate(1.0, 4.0, LENGTHS)
    assert not waiting.may_translate(6.0, 4.0, LENGTHS)
    # Who is too late in any case is no reason.
    assert waiting.may_translate(40.0, 4.0, LENGTHS)


def test_a_recall_within_the_gap_is_held_back_unless_nobody_heard_the_call():
    waiting = waiting_for((call(1, "A001"), 0.0))
    taken(waiting, 0.0)
    waiting.add(call(2, "A001", recall=1), 5.0)
    waiting.add(call(3, "A002"), 6.0)

    assert [item.announcement.ticket for item in taken(waiting, 6.0).items] == ["A002"]
    waiting.add(call(4, "A001", recall=2), 12.0)
    assert (waiting.wait_s(12.0), waiting.take(19.9, LENGTHS)) == (8.0, None), "a second one puts it off no longer"
    (held,) = taken(waiting, 20.0).items
    assert (held.due_s, held.seqs) == (20.0, (2, 4))

    waiting.add(call(5, "A001", recall=3), 40.0)
    assert waiting.wait_s(40.0) == 0.0, "after the gap it is due at once"
    taken(waiting, 40.0)
    waiting.was_silent("A001")
    waiting.add(call(6, "A001", recall=4), 45.0)
    assert [item.seqs for item in taken(waiting, 45.0).items] == [(6,)]
    assert waiting.wait_s(45.0) is None


def test_a_call_of_a_ticket_that_still_waits_speaks_for_both_to_the_later_window():
    waiting = waiting_for(
        (call(1, "A001", window="3"), 0.0), (call(3, "A002"), 0.0), (call(2, "A001", window="5"), 1.0)
    )
    waiting.withdraw("A002")

    (item,) = taken(waiting, 1.0).items
    assert (item.seqs, item.announcement.window, item.due_s) == ((1, 2), "5", 0.0)
    assert len(waiting) == 0


def test_an_hour_without_volume_says_nothing_and_says_so_but_an_emergency_is_read_even_then(stage):
    mute = (VoiceHours(start=0, volume_pct=0),)
    (report,) = perform(stage, manner("en", hours=mute), 1, lambda announcer: announcer.say(short_call()))
    assert (report.spoken, report.link, report.cause, stage.sounds) == (False, "none", "muted", [])

    words = Words(seq=1, texts={"en": "Leave now."}, urgent=True)
    (report,) = perform(stage, manner("en", hours=mute), 1, lambda announcer: announcer.say_words(words))
    assert report.spoken


CALM = VoiceSpec(hours=(VoiceHours(start=480), VoiceHours(start=720, speed_pct=70, volume_pct=40)))


@pytest.fixture
def espeak():
    with Chain([EspeakCommand()]) as espeak:
        yield espeak


def test_a_try_says_what_is_shown_spoken_and_by_whom(tmp_path):
    tried = try_call(VoiceSpec(), call(), 600, tmp_path / "call.wav")

    assert list(tried.texts) == ["zh_CN", "en"]
    assert tried.texts["en"] == "Ticket B031, please go to window 3, left, area A."
    assert tried.spoken["en"] == "Ticket B, 0 3 1, please go to window 3, left, area A."
    assert (tried.links, tried.link) == ({"zh_CN": "pyttsx3", "en": "pyttsx3"}, "pyttsx3")
    assert sound.length_s(sound.read(tmp_path / "call.wav")) == pytest.approx(tried.sound_ms / 1000, abs=0.01)


def test_the_halls_own_order_comes_first(tmp_path, espeak):
    spec = VoiceSpec(languages=("en",), chime=False)
    tried = try_call(spec, call(), 600, tmp_path / "call.wav", languages=("zh_CN", "en"), chain=espeak)

    assert list(tried.texts) == ["en"]


def test_a_slower_and_quieter_hour_sounds_slower_and_quieter(tmp_path, espeak):
    usual, calm = (
        try_call(CALM, short_call(), minute, tmp_path / f"{minute}.wav", chain=espeak) for minute in (600, 780)
    )

    assert calm.sound_ms > 1.25 * usual.sound_ms
    loudness = [sound.loudness(sound.read(tmp_path / f"{minute}.wav")) for minute in (600, 780)]
    assert loudness[1] / loudness[0] == pytest.approx(0.4, abs=0.05)


def test_without_a_voice_a_try_says_so_and_leaves_no_file(tmp_path):
    with Chain([EspeakCommand("no-such-program")]) as dumb:
        tried = try_call(replace(CALM, yao=True), call(), 600, tmp_path / "call.wav", chain=dumb)

    assert (tried.link, tried.links, tried.sound_ms) == ("none", {}, 0)
    assert not (tmp_path / "call.wav").exists()


def waiting_for(*calls: tuple[Announcement, float]) -> WaitingCalls:
    """Return what waits after these calls, each added at its time."""
    waiting = WaitingCalls(GAP_S)
    for announcement, at_s in calls:
        waiting.add(announcement, at_s)
    return waiting


def taken(waiting: WaitingCalls, now_s: float) -> Turn:
    turn = waiting.take(now_s, LENGTHS)
    assert isinstance(turn, Turn)
    return turn


def test_a_call_that_speaks_for_two_is_reported_for_both(stage):
    def begin(announcer: Announcer) -> None:
        for seq, window in ((2, "3"), (3, "5")):
            stage.at(1.0, lambda seq=seq, window=window: announcer.say(short_call(seq, "B001", window)))
        announcer.say(short_call(1, "A001"))

    reports = perform(stage, manner("en", times=1), 3, begin)
    assert [(report.seq, report.spoken) for report in reports] == [(1, True), (2, True), (3, True)]
    assert len(stage.sounds) == 2
