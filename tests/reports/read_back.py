"""Reports read back from their files: every figure under what names it, whatever the kind of the file."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

from queuedesk.core.figures.comparing import uniquely_named_rows
from tests.golden.kept import CHECK_CODE

Told = dict[str, Any]
"""By "wait.mean", "services/A/wait.mean" and the like; numbers are numbers, and what is not known is not there."""
NAMING = 2


def told(document: Mapping[str, Any]) -> Told:
    """Return the figures of a document, rows by their names in any order, without the `rates` drawn from them."""
    own = {key: value for key, value in document.items() if key != "rates"}
    return known((*_singles("", own), *_rows("", own)))


def known(cells: Iterable[tuple[str, Any]]) -> Told:
    """Return what is known of the cells: a column that other rows of a table have tells nothing of its own."""
    return {path: value for path, cell in cells if (value := plain(cell)) is not None}


def plain(cell: Any) -> Any:
    """Return a cell as what it means, whatever kind of file it stood in."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if cell in ("True", "False"):
        return float(cell == "True")
    if isinstance(cell, str) and re.fullmatch(r"-?\d+(\.\d+)?", cell):
        return float(cell)
    return float(cell) if isinstance(cell, int | float) else cell or None


def _singles(before: str, inside: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in inside.items():
        if isinstance(value, Mapping):
            yield from _singles(f"{before}{key}.", value)
        elif not isinstance(value, list):
            yield f"{before}{key}", value


def _rows(before: str, inside: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in inside.items():
        if isinstance(value, Mapping):
            yield from _rows(f"{before}{key}.", value)
        elif isinstance(value, list):
            yield from table(f"{before}{key}", value)


def table(name: str, rows: list[Any]) -> Iterator[tuple[str, Any]]:
    for own, row in uniquely_named_rows(rows):
        yield from _singles(f"{name}/{own}/", row)
    for key in {key for row in rows for key, value in row.items() if isinstance(value, list)}:
        inner = [dict(list(row.items())[:NAMING]) | one for row in rows for one in row[key]]
        yield from table(f"{name}.{key}", inner)


def from_json(path: Path) -> Told:
    return told(json.loads(path.read_text(encoding="utf-8")))


def from_pdf(path: Path) -> str:
    """Return the text of all pages without the log's hashes and check codes, its words parted by single spaces."""
    return re.sub(f"[0-9a-f]{{64}}|{CHECK_CODE}", "", text_of(path))


def decimals(text: str) -> Counter[str]:
    """Return how often each number with one decimal stands in a text."""
    return Counter(re.findall(r"(?<![\d.])\d+\.\d(?!\d)", text))


def english(text: str) -> list[str]:
    """Return two English words in a row, but for a log's hash, its check code, a command and Wilson's name."""
    bare = re.sub(rf"{CHECK_CODE}|[0-9a-f]{{64}}|queuedesk doctor --against|Wilson", "", text)
    return re.findall(r"[A-Za-z]{3,} [a-z]{3,}", bare)


def raw_pages(pdf: str | Path | bytes) -> list[str]:
    """Return the text of each page of a PDF, in its lines."""
    with pypdfium2.PdfDocument(pdf) as pages:
        return [page.get_textpage().get_text_range() for page in pages]


def pages_of(pdf: str | Path | bytes) -> list[str]:
    """Return the text of each page of a PDF, its words parted by single spaces."""
    return [" ".join(page.split()) for page in raw_pages(pdf)]


def text_of(pdf: str | Path | bytes) -> str:
    """Return the text of a PDF, its words parted by single spaces."""
    return " ".join(pages_of(pdf))


def about(pdf: str | Path | bytes) -> dict[str, str]:
    """Return title, subject and language of a PDF."""
    with pypdfium2.PdfDocument(pdf) as pages:
        size = raw.FPDFCatalog_GetLanguage(pages, None, 0)
        name = (raw.FPDF_WCHAR * (size // 2))()
        raw.FPDFCatalog_GetLanguage(pages, name, size)
        told = pages.get_metadata_dict()
        lang = bytes(name).decode("utf-16-le").rstrip("\0")
        return {"title": told["Title"], "subject": told["Subject"], "lang": lang}


def bookmarks(pdf: str | Path | bytes) -> list[tuple[int, str]]:
    """Return the bookmarks of a PDF with their levels; each leads to a page on which its words stand."""
    with pypdfium2.PdfDocument(pdf) as pages:
        found = []
        for one in pages.get_toc():
            title, place = one.get_title(), one.get_dest()
            text = " ".join(pages[place.get_index()].get_textpage().get_text_range().split())
            assert title.rstrip("…") in text, title
            found.append((one.level, title))
        return found
