"""Other channels in the window: 62 sites dropped in one file, looked at, taken over, put right; the hall's share by
month."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from queuedesk.core.network.roles import Actor
from queuedesk.features.channels.pages.page import ChannelsPage, TotalDialog
from queuedesk.features.channels.verbs import read_channels
from queuedesk.stations.manager.parts.refused_file import RefusedFileDialog
from queuedesk.stations.window.context import StationContext
from tests.golden.kept import must_be_kept
from tests.hall import MANAGER, SHANGHAI, Hall, made_once, preset, simple_hall
from tests.stations.hands import drop_file
from tests.stations.manager.conftest import Office
from tests.stations.seen import said

CHANNEL, SITE, PERIOD, SERVICE, COUNT, AMOUNT, SO_FAR = range(7)


def two_months(folder: Path) -> Hall:
    """Return a hall that finished six payments in September and two in October, some weeks later."""
    hall = simple_hall(folder, start=datetime(2026, 9, 16, 9, 0, tzinfo=SHANGHAI), services=preset()["services"])
    for month, n in ((9, 6), (10, 2)):
        hall.clock.now = datetime(2026, month, 16, 9, 0, tzinfo=SHANGHAI)
        hall.open("1", "C3")
        for _ in range(n):
            hall.issue("A")
            hall.serve_out("1", minutes=2)
    hall.clock.now = datetime(2026, 11, 20, 10, 42, tzinfo=SHANGHAI)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, two_months)


@pytest.fixture
def office(hall: Hall, context: StationContext, open_office: Callable[[Actor], Office]) -> Office:
    office = open_office(MANAGER)
    office.go("reports")
    office.go_tab("channels")
    return office


@pytest.fixture
def page(office: Office) -> ChannelsPage:
    page = office.page.reports.pages.page("channels")
    assert isinstance(page, ChannelsPage)
    return page


def written(folder: Path, month: str, sites: range, *, n: int = 3) -> Path:
    rows = [f"post_office,Office {site},{month},A,{n},{site}.50" for site in sites]
    path = folder / f"post-{month}.csv"
    path.write_text(
        "\n".join(["channel,site,month,service,count,amount", *rows, f"Total,,,,{n * len(rows)},"]), encoding="utf-8"
    )
    return path


def looks_as(page: ChannelsPage, moment: str) -> None:
    must_be_kept(Path(__file__).with_name("pages.txt"), "\n".join(said(page)), moment)


def press_row(page: ChannelsPage, row: int) -> None:
    index = page.table.rows.index(row, COUNT)
    page.table.scrollTo(index)
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=page.table.visualRect(index).center())


def test_the_hall_s_share_by_month_and_who_has_not_reported(office: Office, page: ChannelsPage, tmp_path: Path) -> None:
    for month, sites in (("2026-09", range(1, 7)), ("2026-10", range(1, 6))):
        drop_file(page, written(tmp_path, month, sites, n=1))
        office.touch(page.preview.yes_button)

    looks_as(page, "a month of which one did not report")
    assert [column.is_short for column in page.picture.columns] == [False, True]
    page.month.setCurrentIndex(1)
    page.month.activated.emit(1)
    looks_as(page, "the month before")


def test_62_sites_are_looked_at_and_then_taken_over(office: Office, page: ChannelsPage, tmp_path: Path) -> None:
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
    drop_file(page, written(tmp_path, "2026-10", range(1, 63)))

    looks_as(page, "62 sites are looked at")
    assert office.log("channels") == []

    office.touch(page.preview.yes_button)
    assert len(office.log("channels")) == 1
    assert page.count.text() == "62 totals from 62 places"
    drop_file(page, written(tmp_path, "2026-10", range(1, 63)))
    assert "all the same as here already" in page.preview.text.text()
    QTest.mouseClick(page.preview.yes_button, Qt.MouseButton.LeftButton)
    office.touch(page.preview.no_button)
    assert len(office.log("channels")) == 1


def test_totals_are_kept_as_files_put_right_and_typed_in(
    office: Office, page: ChannelsPage, hall: Hall, tmp_path: Path
) -> None:
    # They are kept as a form and as files.
    def save(n: int) -> None:
        office.touch(page.save_button)
        (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
        menu.actions()[n].trigger()
        menu.close()

    save(0)
    form = tmp_path / "T-channels.xlsx"
    assert form.is_file()
    drop_file(page, written(tmp_path, "2026-10", range(1, 3)))
    office.touch(page.preview.yes_button)
    save(1)
    services = office.page.context.feed.setup.services
    assert len(read_channels(tmp_path / "T-channels.csv", services).totals) == 2

    # A total is put right and taken away.
    press_row(page, 1)
    dialog = office.question(TotalDialog)
    office.write(dialog.fields["count"].edit, "many")
    QTest.mouseClick(dialog.yes_button, Qt.MouseButton.LeftButton)
    assert dialog.fields["count"].error() == "A whole number, such as 1200"
    office.write(dialog.fields["count"].edit, "1,204")
    office.write(dialog.fields["amount"].edit, "")
    office.touch(dialog.yes_button)

    assert page.table.rows.texts()[1][COUNT:] == ["1,204", "–"]
    assert office.log("channels")[-1].data["rows"][0]["n"] == 1204
    press_row(page, 0)
    office.touch(office.question(TotalDialog).remove_button)
    assert [row[SITE] for row in page.table.rows.texts()] == ["Office 2"]
    assert office.log("channels")[-1].data["rows"][0]["n"] is None

    # A total is typed in.
    office.touch(page.add_button)
    dialog = office.question(TotalDialog)
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

    assert page.table.rows.texts() == [["POS", "–", "3 November 2026", "Pay a bill", "5", "–"]]
