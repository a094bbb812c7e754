"""`report due`: as processes, several at once and killed in the middle; a folder that is gone, paper put in later, one
print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from queuedesk.app.this_pc import config
from queuedesk.core.figures.periods import Pages
from queuedesk.reports.kept.due import pages_in
from tests.cli.commands import Answer
from tests.cli.figures.test_report_due import TODAY, due, here, own_choices, since_yesterday  # noqa: F401
from tests.hall import Hall


@pytest.mark.parametrize(("chosen", "printed"), [("summary", Pages.SUMMARY), ("all", Pages.ANNEX)])
def test_what_is_for_managers_is_not_printed_by_itself(
    since_yesterday: Hall,  # noqa: F811
    tmp_path: Path,
    due: Callable[..., Answer],  # noqa: F811
    chosen: str,
    printed: Pages,
):
    tray = tmp_path / "tray"
    config.remember({"report_printer": f"png:{tray}", "report_pages": chosen})
    since_yesterday.do("set-setting", "report_print", "on")
    written = {row["from"]: row["file"] for row in due().document["written"] if row["period"] == "day"}
    newest = written[str(TODAY.date() - timedelta(days=1))]

    with pypdfium2.PdfDocument(newest) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert any("do not put on the wall" in text for text in texts), "the file stays whole"
    assert len(list(tray.iterdir())) == pages_in(Path(newest))[printed] < len(texts)
