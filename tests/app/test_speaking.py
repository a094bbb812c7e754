"""The hall's calls reach the voice, and what became of each is noted."""

from pathlib import Path

import pytest

from queuedesk.app.speaking import HallVoice
from queuedesk.core.errors import OutsideError
from queuedesk.desk import announcing, calling, looking
from queuedesk.paths import resource
from queuedesk.stations.feed_bridge import HallFeed
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.chain import Chain
from tests.hall import make_hall


class Loudspeaker:
    """Plays into nothing and says that it was heard, or that it was not."""

    name = "loudspeaker"

    def __init__(self, *, works: bool) -> None:
        self.works = works

    def play(self, path: Path, length_s: float) -> bool:
        return self.works

    def stop(self) -> None:
        """Nothing sounds."""


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
        path.write_bytes(resource("sounds", "chime.wav").read_bytes())

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def hall(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    hall = make_hall(tmp_path)
    hall.open("3", "C3")
    hall.queue("B", "B")
    return hall


@pytest.fixture
def listen(hall, qapp):
    """Return a function that gives the hall a voice; it ends with the test."""
    running = []

    def start(reader: Reader, *, works: bool, **words) -> HallVoice:
        feed = HallFeed(hall.desk, hall.clock)

        def announcer(manner, report, *, chain, lock):
            return Announcer(manner, report, Loudspeaker(works=works), Chain([reader]), lock=lock)

        voice = HallVoice(hall.desk, feed, "display", hall.clock, announcer, **words)
        feed.start()
        running.extend([feed.stop, voice.stop])
        return voice

    yield start
    while running:
        running.pop()()


def what_became_of_the_last_event(hall, qtbot):
    seq = looking.events_after(hall.desk, 0)[-1].seq
    qtbot.waitUntil(lambda: announcing.announced(hall.desk, seq) != [])
    return announcing.announced(hall.desk, seq)


def test_a_call_is_spoken_in_the_halls_languages_and_noted(hall, qtbot, listen):
    reader = Reader()
    listen(reader, works=True)

    hall.call("3")

    assert [(each.station, each.link, each.spoken) for each in what_became_of_the_last_event(hall, qtbot)] == [
        ("display", "pyttsx3", hall.clock())
    ]
    assert ["B, 零 零 一 号" in reader.texts[0], "B, 0 0 1" in reader.texts[1]] == [True, True]
    hall.clock.move(minutes=1)
    assert announcing.unheard(hall.desk, hall.date, hall.clock()) == []


def test_a_call_that_nobody_heard_is_noted_as_silent(hall, qtbot, listen):
    listen(Reader(), works=False)

    hall.call("3")

    became = what_became_of_the_last_event(hall, qtbot)
    assert [(each.link, each.spoken) for each in became] == [("none", None)]
    assert [call.shown for call in announcing.unheard(hall.desk, hall.date, hall.clock())] == [True]


def test_what_was_called_long_ago_is_not_shouted_any_more(hall, qtbot, listen):
    reader = Reader()
    hall.call("3")
    voice = listen(reader, works=True)
    late = hall.ask()
    hall.clock.move(minutes=5)
    calling.recall(hall.desk, late, "3")
    hall.open("4", "C4")

    hall.call("4")
    what_became_of_the_last_event(hall, qtbot)

    assert (voice.status().waiting, any("零 零 一" in text for text in reader.texts)) == (0, False)


class Dumb(Reader):
    """A speech engine without a voice."""

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
        raise OutsideError("no_voice", language=language)


@pytest.mark.parametrize(
    ("reader", "cause"), [("heard", None), ("played by nothing", "no_sound"), ("dumb", "no_voice")]
)
def test_each_call_tells_how_the_voice_does(hall, qtbot, listen, reader, cause):
    told = []
    listen(Dumb() if reader == "dumb" else Reader(), works=reader != "played by nothing", tell=told.append)

    hall.call("3")
    what_became_of_the_last_event(hall, qtbot)

    assert told == [cause]
