"""Many calls, recalls, notices and emergencies at once: what is said when, and what is left out."""

import random
from pathlib import Path

import pytest

from queuedesk.core.setup.hall import VoiceHours
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import Chain
from queuedesk.voice.saying import Manner, Words
from tests.every_day import one_of
from tests.voice.hearing import Reports, manner, short_call
from tests.voice.stage import Stage, perform

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


def test_two_at_once_are_both_said_in_both_languages(stage):
    first, second = perform(stage, manner(*LANGUAGES), 2, burst(stage, 2, 0.1))

    assert (first.seq, second.seq, first.spoken, second.spoken) == (1, 2, True, True)
    assert second.delay_ms <= LATEST_MS
    assert ["A002" in first.text, "window 2" in second.text] == [False, True]


def test_of_22_calls_in_a_second_each_begins_in_time_or_is_reported(stage):
    reports = perform(stage, manner(*LANGUAGES), 22, burst(stage, 22, 1.0))

    assert sorted(report.seq for report in reports) == list(range(1, 23))
    spoken = [report for report in reports if report.spoken]
    assert len(spoken) >= 4
    assert max(report.delay_ms for report in spoken) <= LATEST_MS
    assert {(report.link, report.cause) for report in reports if not report.spoken} == {("none", "too_many")}


def test_those_who_were_left_out_are_pointed_to_the_screen(stage):
    perform(stage, manner("zh_CN"), 22, burst(stage, 22, 1.0))

    assert "其他号码, 请看大屏" in stage.texts


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
    assert stage.texts == [
        "请坐下等候.",
        "请 A, 零 零 二 号, 到 2 号窗口",
        "谢谢您的耐心.",
        "本厅今天下午四点结束营业.",
    ]
    assert (reports[1].text, reports[1].ticket) == (sentences, None)
    assert reports[1].sound_ms == pytest.approx(
        sum(s.length_s for s in (stage.sounds[0], *stage.sounds[2:])) * 1000, abs=2
    )


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


def test_an_hour_without_volume_says_nothing_and_says_so(stage):
    mute = (VoiceHours(start=0, volume_pct=0),)
    (report,) = perform(stage, manner("en", hours=mute), 1, lambda announcer: announcer.say(short_call()))

    assert (report.spoken, report.link, report.cause, stage.sounds) == (False, "none", "muted", [])


def test_an_emergency_is_read_at_full_volume_even_then(stage):
    mute = (VoiceHours(start=0, volume_pct=0),)
    words = Words(seq=1, texts={"en": "Leave now."}, urgent=True)
    (report,) = perform(stage, manner("en", hours=mute), 1, lambda announcer: announcer.say_words(words))

    assert report.spoken


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
