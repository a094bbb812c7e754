"""The printed report of an improvement project: all causes with their rows, in both languages."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from queuedesk.features.projects import papers
from queuedesk.i18n import LANGUAGES
from tests.features.projects.rows import judged_project
from tests.hall import MANAGER, simple_hall


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_names_every_cause_its_rows_and_what_is_done(lang: str, tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.queue("A")
    number = judged_project(hall)
    file = papers.write(hall.desk, MANAGER, number, tmp_path / "r.pdf", lang=lang, now=hall.clock())

    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]
    assert len(pages) == 3
    for name in ("Elderly customers", "Guide leaves the door", "Papers asked for", "Printed list", "Crowd on pay days"):
        assert name in " ".join(pages[0].split())
        assert name in " ".join(pages[1].split())
    assert "12.9" in pages[0] and "81" in pages[1] and "2,318" in pages[1]
    assert {"en": "Confirmed", "zh_CN": "成立"}[lang] in pages[0]
    assert "Chair and large-print list" in pages[2]
    assert all(page.count("-") >= 4 for page in pages), "each page has the check code of its log"
