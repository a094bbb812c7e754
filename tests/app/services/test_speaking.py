"""The hall's calls reach the voice, and what became of each is noted."""

import threading
import wave
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from queuedesk.app.services import speaking
from queuedesk.app.services.speaking import SILENT, HallCallSpeaker, VoiceTester, display_names_on_this_pc
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.hall import VoiceSpec, VoiceSpeedAndVolumeFromTime
from queuedesk.core.talk.screen import ScreenSpec
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling
from queuedesk.desk.talk import announcing, messaging
from queuedesk.paths import resource_path
from queuedesk.stations.window.context import HallFeed
from queuedesk.store.schema import announcements
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import VoiceChain
from tests.bounded import PATIENCE_S
from tests.desk.stage import only_shown
from tests.hall import ADMIN, MANAGER, make_hall, preset

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


class Reader:
    """A speech engine that reads every text as the chime, and keeps the texts."""

    name = "pyttsx3"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def start(self) -> None:
        """Always there."""

    def languages(self) -> tuple[str, ...]:
        return ("zh_CN", "en")

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
        self.texts.append(text)
        path.write_bytes(resource_path("sounds", "chime.wav").read_bytes())

    def close(self) -> None:
        """Nothing to let go of."""


class Dumb(Reader):
    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
        raise OutsideError("no_voice", language=language)


@pytest.fixture
def hall(tmp_path):
    hall = make_hall(tmp_path)
    hall.open("3", "C3")
    hall.queue("B", "B")
    return hall


@pytest.fixture
def listen(hall, qapp):
    """Return a function that gives the hall a voice; it ends with the test."""
    running = []

    def start(reader: Reader, *, works: bool, **words) -> HallCallSpeaker:
        feed = HallFeed(hall.desk, hall.clock)

        def announcer(manner, report, *, chain, lock):
            return Announcer(manner, report, Ear(takes=works), VoiceChain([reader]), lock=lock)

        voice = HallCallSpeaker(hall.desk, feed, "display", hall.clock, announcer, **words)
        feed.start()
        running.extend([feed.stop, voice.stop])
        return voice

    yield start
    while running:
        running.pop()()


def what_became_of_the_last_event(hall, qtbot):
    seq = looking.events_after(hall.desk, 0)[-1].seq
    qtbot.waitUntil(lambda: announcing.announcement_reports_of_call(hall.desk, seq) != [])
    return announcing.announcement_reports_of_call(hall.desk, seq)


def test_where_calls_are_only_shown_there_is_no_voice_until_they_are_spoken(hall, qtbot, listen):
    told, reader = [], Reader()
    only_shown(hall)
    voice = listen(reader, works=True, tell=told.append)
    hall.call("3")
    push(hall, "请坐下等候。", spoken=True)
    messaging.declare_emergency(hall.desk, Ask(MANAGER, hall.clock()), "请从正门离开。")
    qtbot.wait(1000)
    assert (voice.voice_status(), reader.texts, told) == (SILENT, [], [])
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "voice", {"spoken": True})
    qtbot.waitUntil(lambda: voice.voice_status().is_speaker)
    only_shown(hall)
    qtbot.waitUntil(lambda: voice.voice_status() == SILENT)


def test_what_was_called_long_ago_is_not_shouted_any_more(hall, qtbot, listen):
    reader = Reader()
    hall.call("3")
    voice = listen(reader, works=True)
    late = hall.ask()
    hall.clock.move(minutes=5)
    calling.recall_customer(hall.desk, late, "3")
    hall.open("4", "C4")
    hall.call("4")
    what_became_of_the_last_event(hall, qtbot)
    assert (voice.voice_status().waiting, any("零 零 一" in text for text in reader.texts)) == (0, False)


def test_a_display_that_comes_back_says_what_nobody_said(hall, qtbot, listen):
    reader = Reader()
    hall.call("3")
    hall.open("4", "C4")
    hall.call("4")
    first, second = [event.seq for event in hall.log() if event.kind == "call"]
    announcing.record_call_shown(hall.desk, first, "display", hall.clock())
    announcing.record_call_announcement_result(hall.desk, first, "display", hall.clock(), link="pyttsx3")
    voice = listen(reader, works=True)
    calls = announcing.unannounced_recent_calls(hall.desk, hall.clock(), timedelta(minutes=1))
    voice.say_unspoken_calls(calls)
    assert [call.seq for call in calls] == [second]
    qtbot.waitUntil(lambda: announcing.announcement_reports_of_call(hall.desk, second) != [])
    assert "B, 零 零 二 号" in reader.texts[0]


@pytest.mark.parametrize(("kind", "cause"), [(Reader, None), (Reader, "no_sound"), (Dumb, "no_voice")])
def test_a_call_is_spoken_in_the_halls_languages_and_tells_how_the_voice_does(hall, qtbot, listen, *, kind, cause):
    told, reads, works = [], kind(), cause != "no_sound"
    listen(reads, works=works, tell=told.append)
    hall.call("3")
    (became,) = what_became_of_the_last_event(hall, qtbot)
    assert (told, became.station) == ([cause], "display")
    if not works:
        assert (became.link, became.spoken) == ("none", None)
        assert [call.shown for call in announcing.unheard_calls(hall.desk, hall.date, hall.clock())] == [True]
    elif cause is None:
        assert (became.link, became.spoken) == ("pyttsx3", hall.clock())
        assert ["B, 零 零 一 号" in reads.texts[0], "B, 0 0 1" in reads.texts[1]] == [True, True]
        hall.clock.move(minutes=1)
        assert announcing.unheard_calls(hall.desk, hall.date, hall.clock()) == []


def push(hall, text: str, **how: object) -> int:
    return int(messaging.push_notice(hall.desk, Ask(MANAGER, hall.clock()), text, **how)["seq"])


def test_a_notice_to_be_spoken_is_read_once_in_the_halls_languages_when_it_begins(hall, qtbot, listen):
    """One that began long ago is not read by a display that comes back."""
    push(hall, "很早的通知。", spoken=True)
    hall.clock.move(minutes=5)
    reader = Reader()
    listen(reader, works=True)
    push(hall, "安静的通知。", text_en="A silent notice.")
    seq = push(hall, "请坐下等候。", text_en="Please take a seat.", spoken=True)
    later = push(hall, "本厅五点关门。", spoken=True, begins=hall.clock() + timedelta(minutes=10))
    assert said(hall, qtbot, seq) == ("pyttsx3", "请坐下等候。 Please take a seat.")
    hall.call("3")
    what_became_of_the_last_event(hall, qtbot)
    assert reader.texts[:2] == ["请坐下等候.", "Please take a seat."]
    assert not [text for text in reader.texts[2:] if "请坐下" in text or "五点" in text or "通知" in text]
    hall.clock.move(minutes=10)
    assert said(hall, qtbot, later) == ("pyttsx3", "本厅五点关门。")


def test_a_pc_keeps_recorded_words_and_has_one_voice_for_all_its_displays(hall, tmp_path):
    assert speaking.recorded_words_folder() == tmp_path / "queuedesk" / "clips"
    config.update_config({"clips_folder": str(tmp_path / "own")})
    assert speaking.recorded_words_folder() == tmp_path / "own"
    setup = looking.setup_of_hall(hall.desk)
    calls = speaking.sample_call_per_window(setup)
    assert [call.window for call in calls] == [spec.name or spec.code for spec in setup.windows.values()]
    assert {call.hall for call in calls} == {setup.hall.name}
    assert display_names_on_this_pc("display") == {"display"}
    rows = (ScreenSpec(screen="1"), ScreenSpec(screen="2"), ScreenSpec(screen="3", station="plate"))
    config.update_config({"screens": rows})
    assert display_names_on_this_pc("display-2") == {"display-1", "display-2"}


def said(hall, qtbot, seq: int) -> tuple[str | None, str | None]:
    """Return by what a notice was said and as what, once it was."""

    def rows():
        with hall.desk.db.read() as tx:
            found = select(announcements.c.link, announcements.c.text).where(announcements.c.seq == seq)
            return [tuple(row) for row in tx.execute(found)]

    qtbot.waitUntil(lambda: rows() != [])
    return rows()[0]


def test_an_emergency_is_read_twice_and_by_a_display_that_comes_back_too(hall, qtbot, listen):
    seq = push(hall, "请立即离开。", emergency=True)
    hall.clock.move(minutes=5)
    reader = Reader()
    listen(reader, works=True)
    assert said(hall, qtbot, seq) == ("pyttsx3", "请立即离开。")
    assert reader.texts == ["请立即离开."] * 2


def test_how_a_hall_wants_its_voice_holds_from_the_next_call_on(hall, qtbot, listen):
    reader = Reader()
    listen(reader, works=True)
    row = {"languages": ["en"], "call": {"en": "{hall}: {ticket} to {window}"}, "times": 1}
    setting_up.change_single_row_part(hall.desk, Ask(ADMIN, hall.clock()), "voice", row)
    hall.call("3")
    what_became_of_the_last_event(hall, qtbot)
    assert len(reader.texts) == 1
    assert reader.texts[0].endswith("B, 0 0 1 to window 3")


@pytest.fixture
def setup():
    return check_and_read_setup(preset("power"))


def hear(ear: Ear, setup, spec: VoiceSpec | None = None, **asked):
    return VoiceTester(lambda: ear).play_trial_call(setup, spec or VoiceSpec(), "A017", "3", NOON, **asked)


def test_a_trial_is_hushed_in_the_middle(setup):
    ear = Ear(until_stopped=True)
    trials = VoiceTester(lambda: ear)
    said: list[dict] = []
    lane = threading.Thread(target=lambda: said.append(trials.play_trial_call(setup, VoiceSpec(), "A017", "3", NOON)))
    lane.start()
    assert ear.begun.wait(PATIENCE_S)
    trials.stop_playing()
    lane.join(PATIENCE_S)
    assert [(one["played"], one["hushed"]) for one in said] == [(False, True)]


def test_a_trial_is_played_once_from_beginning_to_end_longer_in_a_slow_hour_or_only_written(setup, tmp_path):
    ear, file, slow = (
        Ear(),
        tmp_path / "call.wav",
        VoiceSpec(hours=(VoiceSpeedAndVolumeFromTime(start=0, speed_pct=60),)),
    )
    heard = hear(ear, setup)
    assert heard["played"]
    assert set(heard["links"]) == {"zh_CN", "en"}
    assert [round(length, 1) for length in ear.heard_s] == [round(heard["sound_ms"] / 1000, 1)]
    hear(ear, setup, slow)
    assert ear.heard_s[1] > ear.heard_s[0] * 1.2
    written = hear(ear, setup, out=file)
    assert (len(ear.heard_s), written["played"]) == (2, False)
    with wave.open(str(file)) as sound:
        assert round(sound.getnframes() / sound.getframerate(), 1) == round(written["sound_ms"] / 1000, 1)
    refused = hear(Ear(takes=False), setup)
    assert (refused["played"], refused["hushed"]) == (False, False)
    found = VoiceTester(Ear).voice_links_and_player()
    assert found["player"] == "ear"
    assert any({"zh_CN", "en"} <= set(languages) for languages in found["links"].values())
