"""Checks that every database can store a text: no NUL, no half of a surrogate pair."""

from __future__ import annotations

import json
from collections.abc import Mapping

from queuedesk.core.errors import RuleError


def must_be_storable(field: str, value: object) -> None:
    """Look at every text of a JSON value, keys included. Raises RuleError "bad_value" with the field in which one can't
    be kept."""
    if "\\u" in json.dumps(value):  # Only among signs that are no ASCII, or are written like this, can be one of those.
        _look_at(field, value)


def _look_at(field: str, value: object) -> None:
    if isinstance(value, str):
        if "\0" in value or not _is_unicode(value):
            raise RuleError("bad_value", field=field, why="bad_sign")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _look_at(field, key)
            _look_at(f"{field}.{key}" if field else str(key), each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _look_at(field, each)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
