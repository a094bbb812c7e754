"""Numbers as they come out of a sound card, spoken by an engine and joined of recordings, at two speeds."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from queuedesk.core.setup.hall import VoiceHours, VoiceSpec
from queuedesk.voice import sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import Chain, Clips, EspeakCommand, Link, phrase
from queuedesk.voice.saying import Manner, write_starter
from queuedesk.voice.sound import Player, Samples
from tests.voice.hearing import Recording, Reports, find_all, likeness, short_call, sound_card

pytestmark = [pytest.mark.journey, pytest.mark.shares]

SPEEDS_PCT = (100, 130)
LANGUAGE = "zh_CN"
OWN, NEIGHBOURS = "A017", ("A018", "A019", "A117")
LINKS = ("espeak-ng", "clips")


def manner(speed_pct: int) -> Manner:
    spec = VoiceSpec(times=1, chime=False, hours=(VoiceHours(start=0, speed_pct=speed_pct),))
    return Manner(languages=(LANGUAGE,), spec=spec)


def heard_of(links: Sequence[Link], sink: str) -> list[Samples]:
    """Return what a sink was given of one call at each speed; an announcer takes its link along when it ends."""
    heard = []
    for speed_pct, link in zip(SPEEDS_PCT, links, strict=True):
        recording, reports = Recording(sink), Reports(1)
        now = manner(speed_pct)
        announcer = Announcer(lambda now=now: now, reports, Player([("paplay", "-d", sink)]), Chain([link]))
        announcer.say(short_call(ticket=OWN))
        (report,) = reports.wait()
        assert (report.spoken, report.link) == (True, link.name)
        heard.append(recording.end())
        announcer.stop()
    return heard


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    with Chain([EspeakCommand()]) as chain:
        write_starter(folder, [LANGUAGE], VoiceSpec(), [], chain)
    return folder


@pytest.fixture(scope="module")
def heard(clips, tmp_path_factory) -> dict[tuple[str, int], Samples]:
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
def test_a_number_is_heard_as_itself_and_not_as_its_neighbour(heard, clips, tmp_path, link, speed_pct):
    voice = EspeakCommand() if link == "espeak-ng" else Clips(clips)

    def said(ticket: str) -> Samples:
        voice.synthesise(phrase(short_call(ticket=ticket), LANGUAGE), LANGUAGE, tmp_path / "said.wav", speed_pct)
        return sound.read(tmp_path / "said.wav")

    recorded = heard[link, speed_pct]
    assert len(find_all(said(OWN), recorded)) == 1
    for neighbour in NEIGHBOURS:
        assert likeness(sound.trimmed(said(neighbour)), recorded).max() < 0.8
