"""Reports and backups make themselves, one process of each at a time, again at once while some are left."""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.app.services.repeated_work import FIRST_S, LOOK_S, REPORTS, RepeatedWork
from queuedesk.core.errors import OutsideError


class Started:
    """A process that was started; `said` is what it printed once it has ended."""

    said: str | None = None

    def answer(self) -> str | None:
        return self.said


class Pc:
    """A clock that stands, and what was started."""

    def __init__(self) -> None:
        self.time_s = 100.0
        self.started: list[Started] = []
        self.refuses = False
        self.is_due = True
        self.reports = RepeatedWork(REPORTS, is_due=lambda: self.is_due, start=self.start, now_s=lambda: self.time_s)
        self.time_s += FIRST_S

    def start(self, words: Sequence[str]) -> Started:
        if self.refuses:
            raise OutsideError("cannot_write", path="python")
        assert tuple(words) == REPORTS
        self.started.append(Started())
        return self.started[-1]


def test_it_begins_after_the_first_minute_and_not_twice_at_the_same_time():
    pc = Pc()
    pc.time_s -= 1
    pc.reports.look()
    assert pc.started == []
    pc.time_s += 1
    pc.reports.look()
    pc.time_s += 2 * LOOK_S
    pc.reports.look()
    assert len(pc.started) == 1


def test_after_half_an_hour_it_looks_again():
    pc = Pc()
    pc.reports.look()
    pc.started[0].said = '{"written": [], "failed": [], "left": 0}'
    pc.reports.look()
    pc.time_s += LOOK_S - 1
    pc.reports.look()
    assert len(pc.started) == 1
    pc.time_s += 1
    pc.reports.look()
    assert len(pc.started) == 2


def test_where_some_are_left_it_goes_on():
    pc = Pc()
    pc.reports.look()
    pc.started[0].said = '{"written": [{}], "failed": [], "left": 3}'
    pc.reports.look()
    assert len(pc.started) == 2


def test_what_fails_is_tried_again_later():
    pc = Pc()
    pc.refuses = True
    pc.reports.look()
    pc.refuses = False
    pc.reports.look()
    assert pc.started == []
    pc.time_s += LOOK_S
    pc.reports.look()
    pc.started[0].said = "no document"
    pc.reports.look()
    assert len(pc.started) == 1


def test_without_anything_due_no_process_is_started():
    pc = Pc()
    pc.is_due = False
    pc.reports.look()
    assert pc.started == []
    pc.is_due = True
    pc.reports.look()
    assert len(pc.started) == 1
