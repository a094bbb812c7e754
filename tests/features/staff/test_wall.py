"""A page of a report that names people is kept from the wall."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from queuedesk.app.services.printers import save_part
from queuedesk.core.figures.periods import Pages
from tests.app.services.test_printers import report_in


@pytest.mark.usefixtures("qapp")
def test_what_may_hang_on_a_wall_is_saved_without_the_page_for_managers(tmp_path: Path) -> None:
    report = report_in(tmp_path)
    save_part(report, tmp_path / "wall.pdf", Pages.ANNEX)

    with pypdfium2.PdfDocument(report) as whole, pypdfium2.PdfDocument(tmp_path / "wall.pdf") as wall:
        assert "do not put on the wall" in whole[len(wall)].get_textpage().get_text_bounded()
        texts = [page.get_textpage().get_text_bounded() for page in wall]
    assert texts
    assert all("do not put on the wall" not in text for text in texts)
