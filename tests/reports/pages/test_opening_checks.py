"""Checks and waivers in a day's report."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.talk.opening_checks import Check, Waiver
from queuedesk.features.equipment import verbs
from queuedesk.reports.figures.period import DayRead, read_day
from queuedesk.reports.pages.day_page import day_pdf
from tests.hall import Hall, at, make_hall
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.pages.test_day_details import pages_of


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> DayRead:
    desk = simulated(tmp_path_factory.mktemp("hall"), customers=60)
    found = read_day(desk, DAY, NEXT_MORNING)
    desk.db.dispose()
    return found


def check(device: str, *, cause: str | None = None) -> Check:
    return Check(
        seq=1, date=DAY, time=at("8:05"), device=device, station="", passed=cause is None, cause=cause, by="M1"
    )


def annex(read: DayRead, lang: str) -> str:
    return " ".join(pages_of(day_pdf(read, lang, None))[2:])


def test_a_day_without_checks_says_nothing_of_them(read: DayRead) -> None:
    assert "Checks at opening" not in annex(read, "en")


def test_what_was_found_and_what_was_waived_stands_under_the_equipment(read: DayRead) -> None:
    waiver = Waiver(
        seq=9,
        date=DAY,
        time=at("8:20"),
        window="3",
        staff="C3",
        reason="being_mended",
        missing=("printer", "voice"),
        by="C3",
    )
    checks = (check("display"), check("printer", cause="jammed"))
    told = replace(read, checks=checks, waivers=(waiver,))

    page = annex(told, "en")
    assert "Checks at opening" in page
    assert "Works: Display (8:05, Zhao Qiang)" in page
    assert "Does not work: Printer (8:05, Zhao Qiang), The paper is jammed" in page
    assert "Window 3 opened at 8:20 by Wang Fang without Printer, Voice: It is being repaired" in page
    chinese = annex(told, "zh_CN").replace(" ", "")
    assert "3号窗口8:20由王芳免检开窗，没检查打印机、语音：正在修" in chinese


def test_the_report_reads_what_the_log_has(tmp_path: Path) -> None:
    hall: Hall = make_hall(tmp_path, settings={"opening_checks": "on"})
    hall.do("check", "voice")
    hall.do("open", "1", staff="C1", waive="not_today")
    found = read_day(hall.desk, hall.clock().date(), hall.clock())
    listed = verbs.checks_on(hall.desk, hall.clock())

    assert [one.device for one in found.checks] == [row["device"] for row in listed["checks"]] == ["voice"]
    assert [list(one.missing) for one in found.waivers] == [["display", "printer"]]
