"""Reads the check codes of a PDF from the text of its pages."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pypdfium2

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.upkeep.check_code import Claim, claims_in
from queuedesk.files.own import is_held
from queuedesk.files.reading import LARGEST_REPORT, read_given

MOST_PAGES = 400


def claims_of(path: Path) -> list[Claim]:
    """Return what a report says of logs, at least one thing.

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
