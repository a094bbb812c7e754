"""Equipment in a day's report: its pages as they are read, checks at opening, what is said first."""

from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace

from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.talk.opening_checks import CheckWaiver, DeviceCheck
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.period import DayReport, read_day_report
from queuedesk.reports.pages.day_page import day_report_pdf
from tests.golden.kept import must_be_kept
from tests.hall import at, make_hall
from tests.reports.days import DAY
from tests.reports.figures.test_findings import quiet, said  # noqa: F401
from tests.reports.pages.test_day_details import annex, desk, made_up, pages, read  # noqa: F401
from tests.reports.read_back import english


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_of_a_day_in_which_there_is_something_of_everything(read: DayReport, lang: str) -> None:  # noqa: F811
    with pypdfium2.PdfDocument(day_report_pdf(made_up(read), lang, "M1")) as found:
        texts = [page.get_textpage().get_text_range() for page in found]
    assert lang == "en" or english(" ".join(texts)) == []
    must_be_kept(Path(__file__).with_name("golden") / f"day-{lang}.txt", "\n\n".join(texts))


def check(device: str, cause: str | None = None) -> DeviceCheck:
    passed, moment = cause is None, at("8:05")
    return DeviceCheck(seq=1, date=DAY, time=moment, device=device, station="", passed=passed, cause=cause, by="M1")


def test_what_was_found_and_what_was_waived_stands_under_the_equipment(read: DayReport) -> None:  # noqa: F811
    missing, why = ("printer", "voice"), "being_mended"
    waiver = CheckWaiver(seq=9, date=DAY, time=at("8:20"), window="3", staff="C3", reason=why, missing=missing, by="C3")
    looked_at = replace(read, checks=(check("display"), check("printer", "jammed")), waivers=(waiver,))
    page = annex(looked_at)
    for words in (
        "Checks at opening",
        "Works: Display (8:05, Zhao Qiang)",
        "Does not work: Printer (8:05, Zhao Qiang), The paper is jammed",
        "Window 3 opened at 8:20 by Wang Fang without Printer, Voice: It is being repaired",
    ):
        assert words in page
    chinese = "".join(pages(looked_at, "zh_CN")).replace(" ", "")
    assert "3号窗口8:20由王芳免检开窗，没检查打印机、语音：正在修" in chinese


def test_the_report_reads_checks_and_waivers_of_the_log(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, settings={"opening_checks": "on"})
    hall.play("check voice", "open 1 staff=C1 waive=not_today")
    found = read_day_report(hall.desk, hall.clock().date(), hall.clock())
    assert [one.device for one in found.checks] == ["voice"]
    assert [list(one.missing) for one in found.waivers] == [["display", "printer"]]


@pytest.mark.parametrize(
    ("minutes", "cause", "is_said"),
    [(9.5, "out_of_paper", False), (12.0, "out_of_paper", True), (12.0, "stopped", False)],
)
def test_equipment_that_did_not_work_is_said_with_its_cause(quiet, minutes, cause, is_said):  # noqa: F811
    outage = {"from": "13:42", "to": "13:54", "cause": cause, "minutes": minutes}
    device = {"device": "printer", "station": "guide", "outages": [outage]}
    found = said(quiet, measures=quiet.figures["measures"] | {"devices": [device]})
    assert found == (["Printer (Front desk) did not work for 12 min: out of paper."] if is_said else [])
    document = quiet.setup.document
    without = check_and_read_setup({**document, "hall": {**document["hall"], "features": []}})
    assert said(replace(quiet, setup=without)) == []
