"""The page about an audited table: every figure and finding on it, one page for a year, in both languages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from queuedesk.features.table_check.papers import AuditedFile, audit_pdf, write
from queuedesk.features.table_check.rules.audit import Asked, Range, audit
from queuedesk.features.table_check.rules.reading import Line
from queuedesk.features.table_check.verbs import read_audit_table
from queuedesk.features.table_check.words import finding_text, reading_texts
from tests.features.table_check.tables import GOLDEN
from tests.hall import SHANGHAI

TABLE = read_audit_table(GOLDEN)
ASKED = Asked(Decimal(98), Range(2012 * 12 + 4, None), Decimal("98.18"))


def file(lines: tuple[Line, ...] = TABLE.lines, asked: Asked = ASKED) -> AuditedFile:
    return AuditedFile(
        audit=audit(lines, asked),
        name="satisfaction_2011_2012.csv",
        digest=TABLE.digest,
        hall="East City",
        local_now=datetime(2026, 11, 20, 8, 5, tzinfo=SHANGHAI),
        printed_by="Zhao Qiang",
    )


def pages(content: bytes) -> list[str]:
    with pdfium.PdfDocument(content) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def squeezed(text: str) -> str:
    """Return a text as it can be found again, wherever its lines end."""
    return "".join(text.split())


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_published_table_fills_one_page(lang: str) -> None:
    found = file()
    (text,) = pages(audit_pdf(found, lang))

    for row in found.audit.rows:
        assert row.month in text
    for figure in ("95.84", "−0.36", "96.97–99.44", "98.78", TABLE.digest, "96.68", "4,874"):
        assert figure in text
    for finding in found.audit.findings:
        assert squeezed(finding_text(finding, lang)) in squeezed(text)


def test_how_the_table_was_read_and_a_claim_over_all_of_it_stand_on_one_page_too() -> None:
    found = file((Line(2, "2011-07", "415", "18", "95,7"), Line(3, "2011-08", "380", "21", "94,4")), Asked())
    (text,) = pages(audit_pdf(found, "en"))

    (told,) = reading_texts(found.audit, "en")
    assert squeezed(told) in squeezed(text)
    assert len(pages(audit_pdf(file(asked=Asked(Decimal(98), headline=Decimal("98.18"))), "zh_CN"))) == 1


def test_a_long_table_goes_on_over_more_pages_with_its_head() -> None:
    lines = tuple(Line(n, f"{2000 + n // 12}-{n % 12 + 1:02d}", str(300 + n), "7", "98") for n in range(120))
    found = pages(audit_pdf(file(lines, Asked()), "en"))

    assert len(found) > 1
    assert all("Dissatisfied" in text for text in found[:-1])
    assert sum(text.count("2009-12") for text in found) == 1


EXTREME = tuple(Line(n, f"2020-{n + 1:02d}", str(s), str(d), "50") for n, (s, d) in enumerate([(0, 9), (9, 0), (1, 1)]))


@pytest.mark.parametrize(
    "lines", [(), (Line(2, "2011-07", "x", "", "?"),), (Line(2, "<b>&", "1", "0", "100"),), EXTREME]
)
def test_a_table_of_nothing_or_of_extremes_has_its_page_too(lines: tuple[Line, ...]) -> None:
    assert len(pages(audit_pdf(file(lines, Asked()), "zh_CN"))) == 1


def test_it_is_written_as_a_whole(tmp_path: Path) -> None:
    target = write(file(), tmp_path / "audit.pdf", "en")

    assert target.read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["audit.pdf"]
