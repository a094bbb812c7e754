"""Other channels' totals: workbooks of many sites, nothing twice, who has not reported, the hall's share."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.imports import ChannelTotal, month_first_and_last
from queuedesk.core.setup.file import setup_from_document
from queuedesk.features.channels.pages import ChannelsPage, ChannelTotalDialog
from queuedesk.features.channels.papers import write_channel_totals
from queuedesk.features.channels.rules import hall_shares_by_month
from queuedesk.features.channels.verbs import read_channel_totals_file
from queuedesk.i18n import LANGUAGES
from queuedesk.stations.manager.parts.table import RefusedFileDialog
from tests.golden.kept import must_be_kept
from tests.hall import SHANGHAI, Hall, preset, simple_hall, simple_setup
from tests.stations.hands import drop_file, open_menu
from tests.stations.seen import said


def post_offices(folder: Path) -> Path:
    """Write a workbook as 62 partner sites send it: a title, the table with an amount, a sum below."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["邮政储蓄代收电费汇总"], [], ["序号", "渠道", "网点", "月份", "业务", "笔数", "金额(元)"]):
        sheet.append(row)
    for n in range(1, 63):
        sheet.append([n, "邮局", f"邮政{n}所", "2026年10月", "电费缴纳", 100 + n, 1000.5 + n])
    sheet.append([None, "合计", None, None, None, sum(range(101, 163)), None])
    path = folder / "post.xlsx"
    book.save(path)
    return path


def test_dates_of_a_workbook_are_months_where_the_column_says_so(console, tmp_path):
    for head, day in (("月份", date(2026, 10, 1)), ("日期", date(2026, 11, 1))):
        book = openpyxl.Workbook()
        book.active.append(["渠道", head, "业务", "笔数"])
        book.active.append(["POS机", day, "A", 12])
        book.save(tmp_path / "one.xlsx")
        console.ask("channels", "import", tmp_path / "one.xlsx")
    found = [(row["channel"], row["period"]) for row in console.ask("channels", "list")["totals"]]
    assert found == [("POS机", "2026-10"), ("POS机", "2026-11-01")]


OCTOBER = month_first_and_last(date(2026, 10, 1))
NOW = datetime(2026, 11, 20, 10, 42, tzinfo=SHANGHAI)
TODAY = NOW.date()


def total(span: tuple[date, date] | date, n: int = 1, **words: Any) -> ChannelTotal:
    first, last = span if isinstance(span, tuple) else (span, span)
    return ChannelTotal(**{"channel": "bank", "service": "A", **words}, first=first, last=last, n=n)


def test_who_reported_each_date_on_which_the_hall_worked_is_not_missing_and_nothing_anywhere_is_no_share() -> None:
    worked = {("A", date(2026, 11, day)): 5 for day in (2, 3, 20)}
    reported = [total(date(2026, 11, 2)), total(date(2026, 11, 3))]
    assert hall_shares_by_month(reported, worked, TODAY)[0].missing == ()  # today is not over
    (one,) = hall_shares_by_month([total(OCTOBER, 0)], {}, TODAY)
    assert one.hall_share is None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_totals_are_read_again_as_they_were_written(tmp_path: Path, lang: str, ending: str) -> None:
    setup = setup_from_document(simple_setup())
    one, day = total(OCTOBER, 12, amount_cents=120050), date(2026, 10, 3)
    totals = [one, replace(one, channel="POS机", site="城东", first=day, last=day, amount_cents=None)]
    path = write_channel_totals(totals, setup, tmp_path / f"totals.{ending}", lang, NOW)
    assert list(read_channel_totals_file(path, setup.services).totals) == totals


# -- in the window -----------------------------------------------------------------------------------------------------
CHANNEL, SITE, PERIOD, SERVICE, COUNT, AMOUNT, SO_FAR = range(7)


def two_months(folder: Path) -> Hall:
    """Return a hall that finished six payments in September and two in October, some weeks later."""
    hall = simple_hall(folder, start=datetime(2026, 9, 16, 9, 0, tzinfo=SHANGHAI), services=preset()["services"])
    for month, n in ((9, 6), (10, 2)):
        hall.clock.now = datetime(2026, month, 16, 9, 0, tzinfo=SHANGHAI)
        hall.open("1", "C3")
        for _ in range(n):
            hall.play("issue A", "serve-out 1 minutes=2")
    hall.clock.now = NOW
    return hall


pytestmark = pytest.mark.hall(make=two_months)


@pytest.fixture
def page(office):
    office.go("reports")
    office.go_tab("channels")
    return office.page.reports.pages.get_or_make_page("channels")


def written(folder: Path, month: str, sites: range, *, n: int = 3) -> Path:
    rows = [f"post_office,Office {site},{month},A,{n},{site}.50" for site in sites]
    path = folder / f"post-{month}.csv"
    lines = ["channel,site,month,service,count,amount", *rows, f"Total,,,,{n * len(rows)},"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def looks_as(page: ChannelsPage, moment: str) -> None:
    must_be_kept(Path(__file__).with_name("pages.txt"), "\n".join(said(page)), moment)


def press_row(page: ChannelsPage, row: int) -> None:
    index = page.table.rows.index(row, COUNT)
    page.table.scrollTo(index)
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=page.table.visualRect(index).center())


def test_the_hall_s_share_by_month_and_who_has_not_reported(office, page, tmp_path):
    for month, sites in (("2026-09", range(1, 7)), ("2026-10", range(1, 6))):
        drop_file(page, written(tmp_path, month, sites, n=1))
        office.touch(page.preview.yes_button)
    looks_as(page, "a month of which one did not report")
    assert [column.is_short for column in page.picture.columns] == [False, True]
    page.month.setCurrentIndex(1)
    page.month.activated.emit(1)
    looks_as(page, "the month before")


def test_62_sites_are_looked_at_and_then_taken_over(office, page, tmp_path):
    # A table with bad lines is refused whole.
    path = written(tmp_path, "2026-10", range(1, 3))
    path.write_text(path.read_text(encoding="utf-8").replace(",3,1.50", ",x,1.50"), encoding="utf-8")
    drop_file(page, path)
    dialog = office.question(RefusedFileDialog)
    assert [line.text().partition(":")[0] for line in dialog.lines] == ["Line 2"]
    office.touch(dialog.no_button)
    drop_file(page, written(tmp_path, "2026-12", range(1, 3)))
    office.touch(page.preview.yes_button)
    assert "is not over yet" in office.question(RefusedFileDialog).lines[0].text()
    assert page.preview.isVisible()
    assert office.log("channels") == []
    office.touch(office.question(RefusedFileDialog).no_button)
    office.touch(page.preview.no_button)
    # 62 sites are looked at and then taken over.
    assert page.empty.isVisible()
    drop_file(page, post_offices(tmp_path))
    looks_as(page, "62 sites are looked at")
    assert office.log("channels") == []
    office.touch(page.preview.yes_button)
    (event,) = office.log("channels")
    first = {"channel": "post_office", "site": "邮政1所", "service": "A", "period": "2026-10", "n": 101}
    assert (len(event.data["rows"]), event.data["rows"][0]) == (62, first | {"amount_cents": 100150})
    assert page.count.text() == "62 totals from 62 places"
    drop_file(page, post_offices(tmp_path))
    assert "all the same as here already" in page.preview.text.text()
    QTest.mouseClick(page.preview.yes_button, Qt.MouseButton.LeftButton)
    office.touch(page.preview.no_button)
    assert len(office.log("channels")) == 1


def test_totals_are_kept_as_files_put_right_and_typed_in(office, page, tmp_path):
    # They are kept as a form and as files.
    def save(n: int) -> None:
        office.touch(page.save_button)
        menu = open_menu(page)
        menu.actions()[n].trigger()
        menu.close()

    save(0)
    heads = ["Channel", "Site", "Month or date", "Service", "Count", "Amount"]
    assert [cell.value for cell in openpyxl.load_workbook(tmp_path / "T-channels.xlsx").active[1]] == heads
    drop_file(page, written(tmp_path, "2026-10", range(1, 3)))
    office.touch(page.preview.yes_button)
    save(1)
    services = office.page.context.feed.setup.services
    assert len(read_channel_totals_file(tmp_path / "T-channels.csv", services).totals) == 2
    # A total is put right and taken away.
    press_row(page, 1)
    dialog = office.question(ChannelTotalDialog)
    office.write(dialog.fields["count"].edit, "many")
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    assert dialog.fields["count"].error() == "A whole number, such as 1200"
    office.write(dialog.fields["count"].edit, "1,204")
    office.write(dialog.fields["amount"].edit, "")
    office.touch(dialog.yes_button)
    assert page.table.rows.cell_texts_of_all_rows()[1][COUNT:] == ["1,204", "–"]
    assert office.log("channels")[-1].data["rows"][0]["n"] == 1204
    press_row(page, 0)
    office.touch(office.question(ChannelTotalDialog).remove_button)
    assert [row[SITE] for row in page.table.rows.cell_texts_of_all_rows()] == ["Office 2"]
    assert office.log("channels")[-1].data["rows"][0]["n"] is None
    # A total is typed in.
    office.touch(page.add_button)
    dialog = office.question(ChannelTotalDialog)
    dialog.channel.setEditText("")
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    assert dialog.fields["channel"].error() == "Which channel?"
    assert dialog.fields["period"].error() == "A month or a date, such as 2026-10"
    dialog.channel.setEditText("POS")
    office.write(dialog.fields["period"].edit, "2026-12")
    office.write(dialog.fields["count"].edit, "5")
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    assert dialog.fields["period"].error() == "2026-12 is not over yet; please report it when it is."
    office.write(dialog.fields["period"].edit, "2026-11-03")
    office.touch(dialog.yes_button)
    assert page.table.rows.cell_texts_of_all_rows() == [["POS", "–", "3 November 2026", "Pay a bill", "5", "–"]]
