"""Calls as they come out of a sound card."""

import shutil
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import pytest

from queuedesk.core.setup.hall import VoiceSpec, VoiceSpeedAndVolumeFromTime
from queuedesk.paths import resource_path
from queuedesk.voice import sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import EngineProcess, EspeakCommandEngine, RecordedClips, VoiceChain, spoken_call_phrase
from queuedesk.voice.saying import SpeakingResult, write_missing_clips
from queuedesk.voice.sound import Samples, WavPlayer
from tests.bounded import PATIENCE_S
from tests.voice.hearing import Match, Recording, Reports, find_all, likeness, manner, short_call, sound_card

pytestmark = [pytest.mark.journey, pytest.mark.shares]
FAST_PCT = 150  # as fast as a hall may have it: each word is waited for here
CLIP_SPEED_PCT = 130  # what is recorded is heard whole as it is: test_engines.py
LANGUAGES = ("zh_CN", "en")
CALLS = {ticket: short_call(seq, ticket) for seq, ticket in enumerate(("A017", "B002"), 1)}


class KeepingPlayer(WavPlayer):
    """Plays into the office, and keeps a copy of what it plays."""

    def __init__(self, copy: Path) -> None:
        super().__init__([("paplay", "-d", "office")])
        self.copy = copy

    def play(self, path: Path, length_s: float) -> bool:
        shutil.copyfile(path, self.copy)
        return super().play(path, length_s)


@dataclass(frozen=True)
class Heard:
    """What was heard of two calls at once in the hall, and of one in the office: by an engine, then of recordings."""

    hall: Samples
    hall_reports: list[SpeakingResult]
    sounds: dict[tuple[str, str], Samples]
    office: Samples
    office_report: SpeakingResult
    office_sound: Samples
    clips: Path
    of_clips: Samples

    def places(self, ticket: str, language: str) -> list[Match]:
        return find_all(self.sounds[ticket, language], self.hall)

    def length_ms(self, ticket: str) -> float:
        return sum(sound.sound_length_s(self.sounds[ticket, language]) for language in ("zh_CN", "en")) * 1000


def heard_once(player: WavPlayer, chain: VoiceChain, speed_pct: int, **spec: object) -> tuple[Samples, SpeakingResult]:
    """Return what the office was given of one call, and its report; an announcer takes chain and player along."""
    recording, reports = Recording("office"), Reports(1)
    hours = (VoiceSpeedAndVolumeFromTime(start=0, speed_pct=speed_pct),)
    announcer = Announcer(manner("zh_CN", hours=hours, **spec), reports, player, chain)
    announcer.enqueue_call(CALLS["A017"])
    (report,) = reports.wait()
    samples = recording.end()
    announcer.stop()
    return samples, report


@pytest.fixture(scope="module")
def heard(tmp_path_factory) -> Heard:
    """In the hall espeak-ng speaks, the same each time; in the office pyttsx3, whose sound varies, then recordings."""
    folder: Path = tmp_path_factory.mktemp("hall")
    with VoiceChain([EspeakCommandEngine()]) as chain:
        write_missing_clips(folder / "clips", ["zh_CN"], VoiceSpec(), [], chain)
    hall_reports, player = Reports(2), KeepingPlayer(folder / "office.wav")
    with sound_card(folder):
        in_hall = Recording("hall")
        fast = manner(*LANGUAGES, hours=(VoiceSpeedAndVolumeFromTime(start=0, speed_pct=FAST_PCT),))
        announcer = Announcer(
            fast, hall_reports, WavPlayer([("paplay", "-d", "hall")]), VoiceChain([EspeakCommandEngine()])
        )
        for announcement in CALLS.values():
            announcer.enqueue_call(announcement)
        engines = VoiceChain([EngineProcess(reply_s=PATIENCE_S), EspeakCommandEngine()])
        office, office_report = heard_once(player, engines, FAST_PCT)
        office_sound = sound.read_wav(player.copy)
        clips, loudspeaker = VoiceChain([RecordedClips(folder / "clips")]), WavPlayer([("paplay", "-d", "office")])
        of_clips, report = heard_once(loudspeaker, clips, CLIP_SPEED_PCT, times=1, chime=False)
        assert (report.spoken, report.link) == (True, "clips")
        hall_reports.wait()
        announcer.stop()
        hall = in_hall.end()
    sounds = {}
    with VoiceChain([EspeakCommandEngine()]) as chain:
        for ticket, language in product(CALLS, LANGUAGES):
            chain.synthesise(spoken_call_phrase(CALLS[ticket], language), language, folder / "own.wav", FAST_PCT)
            sounds[ticket, language] = sound.read_wav(folder / "own.wav")
    in_office = (office, office_report, office_sound)
    return Heard(hall, hall_reports.so_far, sounds, *in_office, folder / "clips", of_clips)


def test_calls_come_after_a_chime_twice_in_both_languages_or_once_where_another_waits_and_are_reported(heard):
    chinese, english = heard.places("B002", "zh_CN"), heard.places("B002", "en")
    assert (len(chinese), len(english)) == (2, 2)
    in_turn = [chinese[0], english[0], chinese[1], english[1]]
    assert all(one.end_s <= next_one.start_s for one, next_one in pairwise(in_turn))
    (chinese,), (english,) = heard.places("A017", "zh_CN"), heard.places("A017", "en")
    assert chinese.end_s <= english.start_s
    assert english.end_s <= heard.places("B002", "zh_CN")[0].start_s
    chimes = find_all(sound.read_wav(resource_path("sounds", "chime.wav")), heard.hall)
    call_start_times_s = [heard.places(ticket, "zh_CN")[0].start_s for ticket in ("A017", "B002")]
    after_s = [start_s - chime.start_s for start_s, chime in zip(call_start_times_s, chimes, strict=True)]
    assert after_s == pytest.approx([0.85, 0.85], abs=0.05)
    first, second = heard.hall_reports
    told = [(spoken.seq, spoken.link, spoken.spoken) for spoken in (first, second)]
    assert told == [(1, "espeak-ng", True), (2, "espeak-ng", True)]
    assert first.text == "请 A017 号到 3 号窗口。 Ticket A017, please go to window 3."
    assert first.sound_ms == pytest.approx(850 + heard.length_ms("A017") + 2 * 400, abs=5)
    assert second.sound_ms == pytest.approx(850 + 2 * heard.length_ms("B002") + 4 * 400, abs=5)
    apart_s = call_start_times_s[1] - call_start_times_s[0]
    assert (second.delay_ms - first.delay_ms) / 1000 == pytest.approx(apart_s, abs=0.5)
    # What pyttsx3 said is heard whole.
    assert (heard.office_report.link, heard.office_report.spoken) == ("pyttsx3", True)
    # The player keeps what it plays last: the second time, without a chime, which is the first time over again.
    assert [match.likeness >= 0.95 for match in find_all(heard.office_sound, heard.office)] == [True, True]


@pytest.mark.parametrize(("link", "speed_pct"), [("espeak-ng", FAST_PCT), ("clips", CLIP_SPEED_PCT)])
def test_a_number_is_heard_as_itself_and_not_as_its_neighbour(heard, tmp_path, link, speed_pct):
    voice = EspeakCommandEngine() if link == "espeak-ng" else RecordedClips(heard.clips)

    def said(ticket: str) -> Samples:
        text = spoken_call_phrase(short_call(ticket=ticket), "zh_CN")
        voice.synthesise(text, "zh_CN", tmp_path / "said.wav", speed_pct)
        return sound.read_wav(tmp_path / "said.wav")

    recorded = heard.hall if link == "espeak-ng" else heard.of_clips
    assert len(find_all(said("A017"), recorded)) == 1
    for neighbour in ("A018", "A019", "A117"):
        assert likeness(sound.without_silent_ends(said(neighbour)), recorded).max() < 0.8
