"""A trial: real stations of a hall that is thrown away, pressed as pictures, with customers who are let in."""

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt

from queuedesk import i18n
from queuedesk.app.station.wiring import one_window
from queuedesk.cli.stations import StationRequest
from queuedesk.core.errors import OutsideError
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.file import check_setup
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk import looking
from queuedesk.features.demo_hall.pages.trial import TryIt
from queuedesk.features.demo_hall.pages.trial_page import TrialClock
from queuedesk.features.demo_hall.verbs.trial import (
    A_BUSY_MINUTE,
    Crowd,
    new_hall,
    trial_document,
    trial_folder,
    trial_windows,
)
from queuedesk.i18n import LANGUAGES, say, time_hm
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.style import LIGHT, Look, apply
from tests.hall import at, make_hall
from tests.processes import anew
from tests.stations.english import english  # noqa: F401
from tests.stations.whole_words import troubles, typed_words

NOW = at("10:42")
KIOSK = [name for name in ("kiosk",) if name in all_stations()]


@pytest.fixture
def desk(tmp_path):
    document = trial_document(lambda: (str(make_hall(tmp_path).path), None))
    folder = tmp_path / "trial"
    folder.mkdir()
    desk = new_hall(folder, document, NOW, waive="Trial")
    yield desk
    desk.db.dispose()


# -- its hall, its customers and its clock -----------------------------------------------------------------------------
def test_the_hall_of_a_trial_is_this_one_at_any_hour_and_never_was_or_one_of_its_own(tmp_path):
    hall = make_hall(tmp_path)
    before = hall.length()
    document = trial_document(lambda: (str(hall.path), None))
    assert (document["hall"]["name"], document["hall"]["simulated"]) == ("城东供电营业厅", True)
    assert {row["hours"][0]["to"] for row in document["services"]} == {"24:00"}
    assert hall.length() == before
    document = trial_document(lambda: (str(tmp_path / "none.sqlite"), None))
    assert check_setup(document).hall.simulated


def test_its_two_counters_serve_as_much_as_two_can(desk):
    setup, state = looking.setup_of(desk), looking.hall_now(desk, NOW)
    chosen = trial_windows(setup)
    assert {code for code in chosen if str(state.windows[code].state) == "open"} == set(chosen)
    assert {service for code in chosen for service in setup.windows[code].services} == set(setup.services)
    assert state.signed_in.keys() == {"guide"}


def test_files_of_a_trial_that_was_killed_go_with_the_next(tmp_path):
    killed, lock = trial_folder(tmp_path)
    lock.release()
    runs, kept = trial_folder(tmp_path)
    third, other = trial_folder(tmp_path)
    assert [folder.exists() for folder in (killed, runs, third)] == [False, True, True]
    kept.release()
    other.release()


def test_a_picture_of_a_trial_leaves_nothing_of_itself(tmp_path):
    hall = make_hall(tmp_path)
    before, file = hall.length(), tmp_path / "trial.png"
    words = ["--db", str(hall.path), "try-it", "--screenshot", str(file), "--size", "1366x768"]
    done = anew("-m", "queuedesk", *words, XDG_DATA_HOME=str(tmp_path))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Image.open(file) as picture:
        assert picture.size == (1366, 768)
    assert hall.length() == before
    assert list((tmp_path / "queuedesk" / "trial").iterdir()) == []


def test_a_minutes_crowd_comes_within_the_minute_and_one_leaves_when_patience_ends(desk):
    crowd = Crowd(desk, 1)
    assert crowd.let_in(NOW, "C").startswith("C")
    crowd.play(NOW + timedelta(hours=9))
    [ticket] = looking.hall_now(desk, NOW).tickets.values()
    assert ticket.state is State.LEFT

    crowd = Crowd(desk, 1)
    crowd.let_in_many(NOW)
    assert len(looking.hall_now(desk, NOW).tickets) == 1
    crowd.play(NOW + timedelta(seconds=61))
    assert len(looking.hall_now(desk, NOW).tickets) == 1 + A_BUSY_MINUTE


def test_the_clock_of_a_trial_runs_as_fast_as_it_is_told():
    passed_s = 0
    clock = TrialClock(NOW, lambda: passed_s)
    passed_s = 10
    clock.run_at(20)
    passed_s = 20
    clock.run_at(0)
    passed_s = 50
    assert clock() == NOW + timedelta(seconds=10 + 200)


# -- its window --------------------------------------------------------------------------------------------------------


def crash(bug: BaseException) -> None:
    raise bug


@contextmanager
def trial_of(hall, qapp):
    """Try a hall in a window of its own."""
    i18n.use("en")
    folder = hall.path.parent
    look = Look(LIGHT)
    apply(qapp, look)
    look.still = True
    request = StationRequest(name="try-it", db=str(hall.path))
    (folder / "own").mkdir()
    process = SimpleNamespace(
        request=request,
        look=look,
        preferences=Preferences(lambda _name, _value: None),
        crash=SimpleNamespace(take=crash),
        clock=lambda: NOW,
    )
    trial = TryIt(one_window(process), folder / "own")
    trial.frame.resize(1920, 1080)
    trial.frame.show()
    trial.voice.is_on = False  # what speaks is tried with the voice itself
    trial.start()
    trial.voice.changed.emit()
    yield trial
    trial.frame.close_anyway()
    trial.stop()
    trial.frame.deleteLater()
    i18n.use("zh_CN")


@pytest.fixture(scope="module")
def trial(qapp, tmp_path_factory):
    with trial_of(make_hall(tmp_path_factory.mktemp("trial")), qapp) as trial:
        yield trial


def press_in(qtbot, pane, widget):
    """Press the picture of a widget where it is drawn."""
    middle = widget.mapTo(pane.shown.frame, widget.rect().center())
    place = pane.view.mapFromScene(QPointF(middle))
    qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


def test_a_customer_goes_from_the_door_to_the_window_by_presses_on_pictures(trial, qtbot):
    page = trial.page
    code = trial_windows(trial.feed.setup)[0]
    service = trial.feed.setup.windows[code].services[0]
    counter, before = page.panes[f"counter-{code}"], set(trial.feed.state.tickets)
    qtbot.mouseClick(page.bar.wishes[service], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.bar.let_in, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(trial.feed.state.tickets) > len(before))
    [came] = [ticket.label for id, ticket in trial.feed.state.tickets.items() if id not in before]
    primary = counter.shown.frame.page.stage.primary
    qtbot.waitUntil(primary.isEnabled)  # before, nobody was there to be called

    press_in(qtbot, counter, primary)

    def there():
        id = trial.feed.state.windows[code].ticket
        return trial.feed.state.tickets[id] if id is not None else None

    qtbot.waitUntil(lambda: there() is not None)
    assert there().state is State.CALLED
    called = there().label  # whom another test let in comes first
    assert counter.has_keys
    qtbot.waitUntil(lambda: not counter.shown.frame.page.controller.busy)
    qtbot.wait(600)  # so long a second press on the same place counts as a slip of the hand
    qtbot.keyClick(counter.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: there().state is State.SERVING)
    lines = [line for _at, line in trial.trial.lines]
    assert lines[0] == f"{called} called to window {code}"
    assert f"{came} taken: Pay a bill" in lines


def test_f9_lets_somebody_in_f6_goes_round_and_any_station_is_shown_alone(trial, qtbot):
    """At a real counter F9 finishes and calls the next; here the bar names the key."""
    page, panes = trial.page, trial.page.panes
    before = len(trial.feed.state.tickets)
    page.bring("guide")
    qtbot.keyClick(panes["guide"].view, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(trial.feed.state.tickets) == before + 1)

    page.bring("guide")
    gone_round = []
    for _station in panes:
        gone_round.append(next(name for name, pane in panes.items() if pane.has_keys))
        page.go_round()
    assert gone_round == list(panes)
    assert panes["guide"].has_keys

    small = panes["guide"].width()
    qtbot.mouseClick(panes["display"].full_button, Qt.MouseButton.LeftButton)
    assert [name for name, pane in panes.items() if pane.isVisible()] == ["display"]
    assert panes["display"].width() > 1600
    qtbot.keyClick(panes["display"].view, Qt.Key.Key_Escape)
    assert all(pane.isVisible() for pane in panes.values())
    assert panes["guide"].width() == small


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_small_screen_shows_one_station_of_staff_and_the_others_as_tabs(trial, qtbot, lang):
    page, panes, bar = trial.page, trial.page.panes, trial.page.bar
    typed = typed_words(trial.feed.setup)

    def resized(width, height):
        trial.frame.resize(width, height)
        qtbot.wait(1)

    trial.frame.preferences.set_language(lang)
    page.bring("guide")
    resized(1366, 768)
    assert [name for name, pane in panes.items() if pane.isVisible()] == ["guide", "display", *KIOSK]
    assert [tab.isVisible() for tab in page.tabs.values()] == [True] * 3
    assert troubles(page, typed, colors=True) == []
    resized(1024, 768)
    assert troubles(page, typed) == []
    display, staff = panes["display"].geometry(), panes["guide"].geometry()
    assert (display.width(), display.top() > staff.bottom()) == (staff.width(), True)

    trial.frame.preferences.set_text_pct(150)
    qtbot.wait(1)
    assert troubles(page, typed) == [], "with the largest letters words become shorter before any is cut"
    kept = (*bar.wishes.values(), bar.let_in, bar.crowd, *bar.speeds.values(), bar.clock, bar.end)
    assert all(part.isVisible() and bar.rect().contains(part.geometry()) for part in kept), "only labels go"
    trial.frame.preferences.set_text_pct(100)
    resized(1920, 1080)
    assert all(pane.isVisible() for pane in panes.values())
    trial.frame.preferences.set_language("en")


def test_what_is_shown_is_drawn_for_its_own_size_prints_nothing_and_keeps_no_choice(trial):
    """Small they are pictures: nothing in them is laid out for less room."""
    sizes = {name: (pane.shown.frame.width(), pane.shown.frame.height()) for name, pane in trial.page.panes.items()}
    assert sizes.pop("display") == (1920, 1080)
    assert [sizes.pop(name) for name in KIOSK] == [(1080, 1920)] * len(KIOSK)
    assert set(sizes.values()) == {(1024, 768)}
    services = [pane.shown.frame.context.services for pane in trial.page.panes.values()]
    assert {(one.paper, one.own_choices, one.printers) for one in services} == {(None, None, None)}


def test_the_bar_tells_the_time_of_the_trial(trial):
    trial.trial.run_at(20)
    trial.trial.run_at(0)
    trial.page.tick(NOW + timedelta(days=1))
    shown = trial.page.bar.clock.text()
    trial.trial.run_at(1)
    assert shown == time_hm(trial.feed.setup.local(trial.clock()))


# -- its voice ---------------------------------------------------------------------------------------------------------


class Speaker:
    """Begins to speak and ends as a voice does; `tell` is whom it tells what became of a call."""

    def __init__(self) -> None:
        self.begun = self.ended = 0
        self.tell = None

    def __call__(self, tell):
        self.begun, self.tell = self.begun + 1, tell
        return self.end

    def end(self) -> None:
        self.ended += 1


@pytest.fixture
def speaker(trial):
    """Return what speaks in the trial in place of a loudspeaker."""
    speaker, voice = Speaker(), trial.voice
    own, voice.begin = voice.begin, speaker
    yield speaker
    voice.mute(True)
    voice.begin = own


def test_calls_are_heard_until_the_voice_is_muted_and_again_after(trial, qtbot, speaker):
    button = trial.page.voice_button
    trial.voice.changed.emit()  # What came between two tests was said in the language that a fresh process has.
    assert button.text() == "voice off"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.text(), speaker.begun, speaker.ended) == ("voice on", 1, 0)

    qtbot.keyClick(trial.page.panes["guide"].view, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert (button.text(), speaker.begun, speaker.ended) == ("voice off", 1, 1)


def test_a_pc_without_a_voice_says_so_where_the_calls_are_shown(trial, qtbot, speaker):
    trial.voice.mute(False)
    speaker.tell("no_voice")

    assert trial.page.voice_button.text() == "not heard"
    assert trial.page.toast.text() == say(OutsideError("no_voice"))
    assert say(OutsideError("no_voice")) in trial.page.voice_button.accessibleName()

    speaker.tell(None)
    assert trial.page.voice_button.text() == "voice on"


def test_what_speaks_in_a_trial_is_the_halls_own_voice(trial, monkeypatch):
    """Its own hall, its own clock; and its display shows whether the call was heard."""
    made = []

    class HallVoice:
        def __init__(self, *given, **_tell):
            made.append(given)

        def status(self):
            return None

        def stop(self):
            made.append("stopped")

    monkeypatch.setattr("queuedesk.app.services.speaking.HallVoice", HallVoice)
    display = trial.page.panes["display"].shown.frame.context
    trial.voice.mute(False)
    assert made == [(trial.desk, trial.feed, "display", trial.clock)]
    assert display.services.voice_status is not None

    trial.voice.mute(True)
    assert made[1:] == ["stopped"]
    assert display.services.voice_status is None
