"""Files that commands read and write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.reading import DEEPEST, LARGEST_SETUP, TooDeepError, parsed_json, read_given, too_large
from queuedesk.files.writing import write_file


def write_json(path: Path, value: object) -> None:
    """Write a value as a JSON file that a person can read. Raises RuleError "own_file", OutsideError "cannot_write"."""
    write_file(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def read_json(path: Path) -> Any:
    """Return a JSON file's value, decimal fractions as text.

    Raises OutsideError "no_such_file", "cannot_read", "too_large" (mb or levels), "wrong_kind".
    """
    content = read_given(path, LARGEST_SETUP)
    try:
        return parsed_json(content.decode("utf-8-sig"), decimals=str)
    except TooDeepError as error:
        raise too_large(path, levels=DEEPEST) from error
    except ValueError as error:
        raise OutsideError("wrong_kind", path=str(path)) from error


def read_setup_file(path: Path) -> dict[str, Any]:
    """Return the document of a set-up file. Raises RuleError "bad_setup" with what is wrong with it, and as
    read_json()."""
    from queuedesk.core.setup.file import check_setup
    from queuedesk.i18n import say

    document = read_json(path)
    if not isinstance(document, dict) or not {"hall", "services", "windows"} <= set(document):
        raise OutsideError("wrong_kind", path=str(path))
    try:
        check_setup(document)
    except RuleError as error:
        raise RuleError("bad_setup", path=str(path), problem=say(error)) from error
    return document
