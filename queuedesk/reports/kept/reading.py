"""Reads the PDFs of reports: their check codes, and the pages that the public may see."""

from __future__ import annotations

import os
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pypdfium2

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.upkeep.check_code import Claim, claims_in
from queuedesk.files.own import is_held
from queuedesk.files.reading import LARGEST_REPORT, read_given
from queuedesk.reports.draw.pdf import WALL_PAGES

MOST_PAGES = 400


def claims_of(path: Path) -> list[Claim]:
    """Return a report's claims about logs, at least one.

    Raises RuleError "no_code" for a PDF that prints none, OutsideError "wrong_kind", "no_such_file", "cannot_read",
    "too_large".
    """
    with suppress(ValueError):  # What is no path can't be read either.
        if is_held(Path(os.path.realpath(path))):
            raise OutsideError("wrong_kind", path=str(path), wanted="report")
    content = read_given(path, LARGEST_REPORT)
    try:
        with pypdfium2.PdfDocument(content) as document:
            texts = [document[i].get_textpage().get_text_bounded() for i in range(min(len(document), MOST_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise OutsideError("wrong_kind", path=str(path), wanted="report") from error
    claims = claims_in("\n".join(texts))
    if not claims:
        raise RuleError("no_code", path=str(path))
    return claims


# Takes the public pages out of a report, so that managers' pages never reach the printer.


def wall_part(path: Path) -> bytes:
    """Return the pages of a report that come before the managers' page, annex included, as a PDF.

    If the file does not say how many these are, only the first page, which is for the wall in every report.

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
