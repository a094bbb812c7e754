"""Takes the public pages out of a report, so that managers' pages never reach the printer."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2

from queuedesk.core.errors import OutsideError
from queuedesk.reports.draw.pdf import WALL_PAGES


def wall_part(path: Path) -> bytes:
    """Return the pages of a report that come before the managers' page, annex included, as a PDF.

    Of a file that does not say how many these are it is the first page alone: that one is for a wall in every report.

    Raises OutsideError "cannot_read".
    """
    try:
        with pypdfium2.PdfDocument(path) as document, pypdfium2.PdfDocument.new() as part:
            part.import_pages(document, range(min(_wall_pages(document), len(document))))
            content = BytesIO()
            part.save(content)
            return content.getvalue()
    except (OSError, pypdfium2.PdfiumError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def _wall_pages(document: pypdfium2.PdfDocument) -> int:
    _before, mark, said = document.get_metadata_value("Keywords").partition(WALL_PAGES)
    return max(1, int(said)) if mark and said.isdecimal() else 1
