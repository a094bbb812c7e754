"""The one JSON text of a value: sorted keys, no spaces, non-ASCII kept. The log's hashes are made of such texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

_patiently = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_quickly = msgspec.json.Encoder(order="sorted").encode
_NOT_QUICKLY = (TypeError, ValueError, OverflowError, RecursionError)
_LEAVES = frozenset({str, int, bool, type(None)})
_NESTED = frozenset({dict, list, tuple})
_PLAIN = _LEAVES | _NESTED


def canonical(value: object) -> str:
    """Return the one JSON text of `value`. Raises TypeError for foreign objects."""
    quick = quick_text(value)
    return _patiently(value) if quick is None else quick


def canonical_with(fields: Mapping[str, object], name: str, value: object, text: str) -> str:
    """Return canonical() of `fields` with `value` under `name`, whose own canonical text is `text`: to write it out
    again takes longer than all the rest."""
    if _LEAVES.issuperset(map(type, fields.values())):
        try:
            return _quickly({**fields, name: msgspec.Raw(text.encode())}).decode()
        except _NOT_QUICKLY:
            pass
    return canonical({**fields, name: value})


def quick_text(value: object) -> str | None:
    """Return canonical() by msgspec; None for what it might write otherwise or not at all: fractions, keys that are no
    texts, half a pair of surrogates, hundreds of lists within another, types that JSON has not."""
    kind = type(value)
    if kind in _NESTED:
        if not value:
            return "{}" if kind is dict else "[]"  # four of five lists of a ticket are empty
    elif kind not in _LEAVES:
        return None
    try:
        return _quickly(value).decode() if kind in _LEAVES or _is_plain(value) else None
    except _NOT_QUICKLY:
        return None


def _is_plain(value: Any) -> bool:
    held = value.values() if type(value) is dict else value
    kinds = set(map(type, held))
    if kinds <= _LEAVES:
        return True
    if not kinds <= _PLAIN:
        return False
    for one in held:  # noqa: SIM110 - a generator for each list would take half as long again
        if type(one) in _NESTED and not _is_plain(one):
            return False
    return True
