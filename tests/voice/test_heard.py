"""Calls as they come out of a sound card."""

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from queuedesk.core.setup.hall import VoiceHours, VoiceSpec
from queuedesk.paths import resource
from queuedesk.voice import sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import Chain, Clips, EngineProcess, EspeakCommand, Link, phrase
from queuedesk.voice.saying import Manner, Spoken, write_starter
from queuedesk.voice.sound import Player, Samples
from tests.bounded import PATIENCE_S
from tests.voice.hearing import Match, Recording, Reports, find_all, likeness, manner, short_call, sound_card

pytestmark = [pytest.mark.journey, pytest.mark.shares]
FAST_PCT = 150
FAST = (VoiceHours(start=0, speed_pct=FAST_PCT),)


"""As fast as a hall may have it: each word is waited for here."""


CALLS = {ticket: short_call(seq, ticket) for seq, ticket in enumerate(("A017", "A018", "A019"), 1)}


class KeepingPlayer(Player):
    """Plays into the office, and keeps a copy of what it plays."""

    def __init__(self, copy: Path) -> None:
        super().__init__([("paplay", "-d", "office")])
        self.copy = copy

    def play(self, path: Path, length_s: float) -> bool:
        shutil.copyfile(path, self.copy)
        return super().play(path, length_s)


@dataclass(frozen=True)
class Heard:
    """What was heard of two calls posted at once in the hall, and of one in the office next door."""

    hall: Samples
    hall_reports: list[Spoken]
    chime: Samples
    sounds: dict[tuple[str, str], Samples]
    office: Samples
    office_reports: list[Spoken]
    office_sound: Samples

    def places(self, ticket: str, language: str) -> list[Match]:
        return find_all(self.sounds[ticket, language], self.hall)

    def length_ms(self, ticket: str) -> float:
        return sum(sound.length_s(self.sounds[ticket, language]) for language in ("zh_CN", "en")) * 1000


@pytest.fixture(scope="module")
def heard(tmp_path_factory) -> Heard:
    """In the hall espeak-ng speaks, whose sound is the same each time; in the office pyttsx3, whose sound varies."""
    folder: Path = tmp_path_factory.mktemp("hall")
    hall_reports, office_reports = Reports(2), Reports(1)
    player = KeepingPlayer(folder / "office.wav")
    with sound_card(folder):
        in_hall, in_office = Recording("hall"), Recording("office")
        announcer = Announcer(
            manner("zh_CN", "en", hours=FAST),
            hall_reports,
            Player([("paplay", "-d", "hall")]),
            Chain([EspeakCommand()]),
        )
        office_announcer = Announcer(
            manner("zh_CN", hours=FAST),
            office_reports,
            player,
            Chain([EngineProcess(reply_s=PATIENCE_S), EspeakCommand()]),
        )
        announcer.say(CALLS["A017"])
        announcer.say(CALLS["A018"])
        office_announcer.say(CALLS["A017"])
        office_reports.wait()
        hall_reports.wait()
        announcer.stop()
        office_announcer.stop()
        hall, office = in_hall.end(), in_office.end()
    sounds = {}
    with Chain([EspeakCommand()]) as chain:
        for ticket, announcement in CALLS.items():
            for language in ("zh_CN", "en"):
                chain.synthesise(phrase(announcement, language), language, folder / "own.wav", FAST_PCT)
                sounds[ticket, language] = sound.read(folder / "own.wav")
    return Heard(
        hall,
        hall_reports.so_far,
        sound.read(resource("sounds", "chime.wav")),
        sounds,
        office,
        office_reports.so_far,
        sound.read(player.copy),
    )


def test_a_call_is_spoken_twice_in_both_languages_in_turn_or_once_where_another_waits_for_its_end(heard):
    chinese, english = heard.places("A018", "zh_CN"), heard.places("A018", "en")

    assert (len(chinese), len(english)) == (2, 2)
    in_turn = [chinese[0], english[0], chinese[1], english[1]]
    assert all(one.end_s <= next_one.start_s for one, next_one in pairwise(in_turn))
    (chinese,), (english,) = heard.places("A017", "zh_CN"), heard.places("A017", "en")

    assert chinese.end_s <= english.start_s
    assert english.end_s <= heard.places("A018", "zh_CN")[0].start_s


def test_a_chime_comes_right_before_each_call(heard):
    chimes = find_all(heard.chime, heard.hall)

    starts_s = [heard.places(ticket, "zh_CN")[0].start_s for ticket in ("A017", "A018")]
    assert [start_s - chime.start_s for start_s, chime in zip(starts_s, chimes, strict=True)] == pytest.approx(
        [0.85, 0.85], abs=0.05
    )


def test_both_calls_are_reported_as_spoken_with_their_length_and_delay(heard):
    first, second = heard.hall_reports

    assert [(spoken.seq, spoken.link, spoken.spoken) for spoken in (first, second)] == [
        (1, "espeak-ng", True),
        (2, "espeak-ng", True),
    ]
    assert first.text == "请 A017 号到 3 号窗口。 Ticket A017, please go to window 3."
    assert first.sound_ms == pytest.approx(850 + heard.length_ms("A017") + 2 * 400, abs=5)
    assert second.sound_ms == pytest.approx(850 + 2 * heard.length_ms("A018") + 4 * 400, abs=5)
    between_s = heard.places("A018", "zh_CN")[0].start_s - heard.places("A017", "zh_CN")[0].start_s
    assert (second.delay_ms - first.delay_ms) / 1000 == pytest.approx(between_s, abs=0.5)


def test_what_pyttsx3_said_is_heard_whole(heard):
    (report,) = heard.office_reports

    assert (report.link, report.spoken) == ("pyttsx3", True)
    # The player keeps what it plays last: the second time, without a chime, which is the first time over again.
    assert [match.likeness >= 0.95 for match in find_all(heard.office_sound, heard.office)] == [True, True]


SPEEDS_PCT = (100, 130)
LANGUAGE = "zh_CN"
OWN, NEIGHBOURS = "A017", ("A018", "A019", "A117")
LINKS = ("espeak-ng", "clips")


def manner_at(speed_pct: int) -> Manner:
    spec = VoiceSpec(times=1, chime=False, hours=(VoiceHours(start=0, speed_pct=speed_pct),))
    return Manner(languages=(LANGUAGE,), spec=spec)


def heard_of(links: Sequence[Link], sink: str) -> list[Samples]:
    """Return what a sink was given of one call at each speed; an announcer takes its link along when it ends."""
    heard_at_speeds = []
    for speed_pct, link in zip(SPEEDS_PCT, links, strict=True):
        recording, reports = Recording(sink), Reports(1)
        now = manner_at(speed_pct)
        announcer = Announcer(lambda now=now: now, reports, Player([("paplay", "-d", sink)]), Chain([link]))
        announcer.say(short_call(ticket=OWN))
        (report,) = reports.wait()
        assert (report.spoken, report.link) == (True, link.name)
        heard_at_speeds.append(recording.end())
        announcer.stop()
    return heard_at_speeds


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    with Chain([EspeakCommand()]) as chain:
        write_starter(folder, [LANGUAGE], VoiceSpec(), [], chain)
    return folder


@pytest.fixture(scope="module")
def heard_at_speeds(clips, tmp_path_factory) -> dict[tuple[str, int], Samples]:
    links = ([EspeakCommand() for _speed in SPEEDS_PCT], [Clips(clips) for _speed in SPEEDS_PCT])
    with sound_card(tmp_path_factory.mktemp("card")), ThreadPoolExecutor() as both:
        recorded = list(both.map(heard_of, links, ("hall", "office")))
    return {
        (link, speed_pct): samples
        for link, of_link in zip(LINKS, recorded, strict=True)
        for speed_pct, samples in zip(SPEEDS_PCT, of_link, strict=True)
    }


@pytest.mark.parametrize("speed_pct", SPEEDS_PCT)
@pytest.mark.parametrize("link", LINKS)
def test_a_number_is_heard_as_itself_and_not_as_its_neighbour(heard_at_speeds, clips, tmp_path, link, speed_pct):
    voice = EspeakCommand() if link == "espeak-ng" else Clips(clips)

    def said(ticket: str) -> Samples:
        voice.synthesise(phrase(short_call(ticket=ticket), LANGUAGE), LANGUAGE, tmp_path / "said.wav", speed_pct)
        return sound.read(tmp_path / "said.wav")

    recorded = heard_at_speeds[link, speed_pct]
    assert len(find_all(said(OWN), recorded)) == 1
    for neighbour in NEIGHBOURS:
        assert likeness(sound.trimmed(said(neighbour)), recorded).max() < 0.8
