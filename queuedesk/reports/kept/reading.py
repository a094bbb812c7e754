"""Reads the PDFs of reports: their check codes, and the pages that the public may see."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pypdfium2

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import Pages
from queuedesk.core.upkeep import Claim, claims_in
from queuedesk.files.reading import LARGEST_REPORT, read_given
from queuedesk.files.writing import is_held
from queuedesk.reports.draw.pdf import SUMMARY_PAGES, WALL_PAGES

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


# Takes pages out of a report, so that managers' pages never reach the printer.


def part_of(path: Path, pages: Pages) -> bytes:
    """Return some pages of a report as a PDF.

    If the file does not say how many pages may hang on a wall, that is its first page alone, which may in every report.
    One that does not say how long its summary is gives all that may hang on a wall.

    Raises OutsideError "cannot_read".
    """
    try:
        with pypdfium2.PdfDocument(path) as document, pypdfium2.PdfDocument.new() as part:
            part.import_pages(document, range(_number_of(document, pages)))
            content = BytesIO()
            part.save(content)
            return content.getvalue()
    except (OSError, pypdfium2.PdfiumError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def pages_in(path: Path) -> dict[Pages, int]:
    """Return how many pages of a report part_of gives for each choice. Raises OutsideError "cannot_read"."""
    try:
        with pypdfium2.PdfDocument(path) as document:
            return {pages: _number_of(document, pages) for pages in Pages}
    except (OSError, pypdfium2.PdfiumError) as error:
        raise OutsideError("cannot_read", path=str(path)) from error


def _number_of(document: pypdfium2.PdfDocument, pages: Pages) -> int:
    if pages is Pages.ALL:
        return len(document)
    keywords = document.get_metadata_value("Keywords")
    wall = _keyword(keywords, WALL_PAGES) or 1
    summary = _keyword(keywords, SUMMARY_PAGES) or wall
    return min(summary if pages is Pages.SUMMARY else wall, wall, len(document))


def _keyword(keywords: str, name: str) -> int:
    """Return the number that follows `name`; 0 where there is none."""
    found = re.search(rf"{name}(\d+)", keywords)
    return int(found[1]) if found else 0
