"""A page of a report that names people is kept from the wall."""

from pathlib import Path

import pytest

from queuedesk.app.services.printers import save_part
from queuedesk.core.figures.periods import Pages
from tests.app.services.test_printers import report_in
from tests.reports.read_back import pages_of


@pytest.mark.usefixtures("qapp")
def test_what_may_hang_on_a_wall_is_saved_without_the_page_for_managers(tmp_path: Path) -> None:
    report = report_in(tmp_path)
    save_part(report, tmp_path / "wall.pdf", Pages.ANNEX)

    whole, wall = pages_of(report), pages_of(tmp_path / "wall.pdf")
    assert "do not put on the wall" in whole[len(wall)]
    assert wall
    assert all("do not put on the wall" not in page for page in wall)
