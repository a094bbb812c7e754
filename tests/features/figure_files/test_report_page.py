"""What the manager's report page saves besides a PDF."""

from tests.stations.hands import pick
from tests.stations.manager.conftest import Office
from tests.stations.manager.figures.test_report_page import files_in, keep


def test_a_report_is_saved_as_tables_with_all_pages_alone(office: Office) -> None:
    page, report = office.page, office.page.report_page
    office.touch(page.today.report_button)
    office.touch(report.save_button)
    kinds = {action.text(): action.isEnabled() for action in report.kinds.actions()}
    report.kinds.close()
    tables = ("As a workbook (XLSX)", "As plain text (CSV)", "For programs (JSON)")
    assert list(kinds.items())[:4] == [("As a PDF to print", True), *((word, False) for word in tables)]
    pick(report.printing.page_choice, "All pages")
    pick(report.dates.periods, "Month")
    for word in tables:
        keep(office, word)
    kept = [f"CD-2026-11-01-month.{ending}: month of 2026-11-20 by None" for ending in ("csv", "json", "xlsx")]
    assert files_in(office.paper.folder) == kept
