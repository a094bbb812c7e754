"""Reports and backups make themselves, one process of each at a time, again at once while some are left."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.app.services.repeated_work import FIRST_S, LOOK_S, REPORTS, DueReportWriter, RepeatedCommand
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.desk import looking
from queuedesk.stations.window.context import HallFeed
from queuedesk.store.figures import counted
from tests.bounded import Stopwatch
from tests.cli.test_papers import TODAY, two_days
from tests.hall import Clock, Hall

pytestmark = [pytest.mark.waits, pytest.mark.hall(make=two_days)]


class Beside:
    """Processes that say what the test lets them say; `let_go_of` counts those that nobody waits for any more."""

    def __init__(self) -> None:
        self.words: list[tuple[str, ...]] = []
        self.said: str | None = None
        self.refuses = False
        self.let_go_of = 0

    def start(self, words: Sequence[str]) -> Any:
        if self.refuses:
            raise OutsideError("cannot_write", path="python")
        self.words.append(tuple(words))
        return self

    def output_if_ended(self) -> str | None:
        return self.said

    def signal_unwanted(self) -> None:
        self.let_go_of += 1


class Pc(Beside):
    def __init__(self) -> None:
        super().__init__()
        self.time_s, self.is_due = 100.0, True
        self.reports = RepeatedCommand(REPORTS, is_due=lambda: self.is_due, start=self.start, now_s=lambda: self.time_s)
        self.time_s += FIRST_S

    def begun_after(self, seconds: float, said: str | None = None) -> int:
        """Let the last one say something, and look after some seconds; return how many have begun by then."""
        self.said = said
        self.time_s += seconds
        self.reports.start_if_due()
        return len(self.words)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def feed(hall: Hall, clock: Clock, qtbot: QtBot) -> Iterator[HallFeed]:
    feed = HallFeed(hall.desk, clock)
    feed.start()
    yield feed
    feed.stop()


@pytest.fixture
def reports(hall: Hall, feed: HallFeed, clock: Clock) -> Iterator[DueReportWriter]:
    own = DueReportWriter(str(hall.path), looking.setup_of_hall(hall.desk), feed, clock, by_itself=True)
    own.start_if_due()  # The first only says when.
    yield own
    own.stop()


def test_what_is_due_is_written_beside_the_window_and_trouble_is_tried_again(hall, reports, clock, qtbot, tmp_path):
    disk = tmp_path / "disk"
    config.update_config({"reports_folder": str(disk)})
    with Stopwatch() as took:
        reports.start_if_due()
    assert took.s < 0.3, "the window waits for nothing"
    qtbot.waitUntil(lambda: reports.last_trouble() is not None)
    told = reports.last_trouble()
    assert (told["code"], told["details"]) == ("cannot_write", {"path": str(disk)})
    disk.mkdir()
    clock.move(minutes=11)
    reports.start_if_due()
    qtbot.waitUntil(lambda: reports.last_trouble() is None)
    days = {f"{TODAY.date() - timedelta(days=n)}-day-T.pdf" for n in (2, 1)}
    assert days <= {path.name for path in disk.iterdir()}
    reports.start_if_due()
    assert not reports.is_writing, "nothing can be due again before the date turns"


def test_who_asks_gets_the_commands_answer(reports, qtbot):
    answers: list[dict] = []
    reports.write_due_reports_now(answers.append)
    reports.write_due_reports_now(answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers[0] == answers[1]
    assert answers[0]["failed"] == []
    assert len(answers[0]["written"]) >= 2


DONE = '{"written": [], "removed": [], "failed": [], "left": 0, "busy": false}'


def counting(hall: Hall, feed: HallFeed, clock: Clock, beside: Beside, *, counts: bool = True) -> DueReportWriter:
    setup = looking.setup_of_hall(hall.desk)
    own = DueReportWriter(str(hall.path), setup, feed, clock, by_itself=True, counts=counts, start=beside.start)
    own.start_if_due()
    own.start_if_due()
    return own


def test_it_goes_on_until_all_dates_are_counted_and_stops_with_the_station(hall, feed, clock, qtbot):
    """It begins anew when the date turns and when the day is ended."""
    beside = Beside()
    own = counting(hall, feed, clock, beside)
    for said, begins in ((DONE.replace("}", ', "uncounted": 40}'), True), (DONE, False)):
        beside.said = said
        qtbot.waitUntil(lambda: not own.is_writing)
        beside.said = None
        clock.move(minutes=1)
        own.start_if_due()
        assert own.is_writing is begins
    clock.move(days=1)
    own.start_if_due()
    assert own.is_writing, "yesterday is over"
    beside.said = DONE
    qtbot.waitUntil(lambda: not own.is_writing)
    beside.said = None
    hall.clock.now = clock.now
    hall.issue("A")
    hall.do("day-end")
    qtbot.waitUntil(lambda: own.is_writing)
    assert [words[-1] for words in beside.words] == ["--gently"] * 4
    assert beside.let_go_of == 0
    answers: list[dict] = []
    own.write_due_reports_now(answers.append)
    assert beside.let_go_of == 1, "who asks does not wait for it"
    beside.said = DONE
    qtbot.waitUntil(lambda: len(answers) == 1)
    clock.move(days=1)
    beside.said = None
    own.start_if_due()
    own.stop()
    assert beside.let_go_of == 2


def test_minutes_after_a_change_of_the_set_up_dates_are_counted_anew(hall, feed, clock, qtbot):
    beside, screen = Beside(), Beside()
    beside.said = screen.said = DONE
    own, other = counting(hall, feed, clock, beside), counting(hall, feed, clock, screen, counts=False)
    qtbot.waitUntil(lambda: not own.is_writing and not other.is_writing)
    hall.clock.now = clock.now
    hall.do("set-setting", "wait_target_minutes", "7")
    qtbot.waitUntil(lambda: feed.setup.setting_as_int("wait_target_minutes") == 7)
    begun = []
    for _ in range(6):
        clock.move(minutes=1)
        own.start_if_due()
        other.start_if_due()
        begun.append(own.is_writing)
        qtbot.waitUntil(lambda: not own.is_writing)
    assert begun == [False] * 4 + [True, False], "several changes come one after the other"
    assert [words[-2:] for words in screen.words] == [("--gently", "--no-counting")], "a hall's screen never counts"
    own.stop()
    other.stop()


def test_it_begins_after_the_first_minute_goes_on_while_some_are_left_and_looks_again_after_half_an_hour():
    """Nothing is started unless something is due, and what fails is tried again later."""
    pc = Pc()
    assert (pc.begun_after(-1), pc.begun_after(1)) == (0, 1)
    assert pc.begun_after(2 * LOOK_S) == 1, "not twice at the same time"
    assert pc.begun_after(0, '{"written": [{}], "failed": [], "left": 3}') == 2
    done = '{"written": [], "failed": [], "left": 0}'
    assert [pc.begun_after(wait_s, done) for wait_s in (0, LOOK_S - 1, 1)] == [2, 2, 3]
    assert {*pc.words} == {tuple(REPORTS)}
    other = Pc()
    for other.is_due, other.refuses in ((False, False), (True, True), (True, False)):
        assert other.begun_after(0) == 0
    assert (other.begun_after(LOOK_S), other.begun_after(0, "no document")) == (1, 1)


def test_who_wants_no_reports_writes_none_and_is_counted_where_large(hall, reports, feed, clock, *, qtbot, monkeypatch):
    hall.clock.now = clock.now
    hall.do("set-setting", "reports", "off")
    qtbot.waitUntil(lambda: feed.setup.settings["reports"] == "off")
    reports.start_if_due()
    assert not reports.is_writing
    small, large, screen = Beside(), Beside(), Beside()
    counting(hall, feed, clock, small).stop()
    monkeypatch.setattr(counted, "WORTH_KEEPING", feed.state.now.seq)
    counting(hall, feed, clock, large).stop()
    counting(hall, feed, clock, screen, counts=False).stop()
    assert [len(one.words) for one in (small, large, screen)] == [0, 1, 0]
