"""The sums of one date as bytes, so that they can be kept and need not be counted again."""

from __future__ import annotations

import zlib
from collections import Counter
from functools import cache
from types import GenericAlias
from typing import Any, get_args

import msgspec

from queuedesk.core.figures.measures.tally import Tally

_FAST = 1


def packed(tally: Tally) -> bytes:
    """Return the sums as bytes."""
    return zlib.compress(msgspec.msgpack.encode(tally), _FAST)


def unpacked(data: bytes) -> Tally:
    """Return the sums, only to be added to others by Tally.extend(). Raises ValueError for anything else than
    packed() gives."""
    try:
        return _DECODER.decode(zlib.decompress(data))
    except (zlib.error, msgspec.MsgspecError) as error:
        raise ValueError(str(error)) from None


def _counter(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no {kind}")
    as_dict = _as_dict(kind)
    return Counter(value if as_dict is None else msgspec.convert(value, as_dict))


@cache
def _as_dict(kind: Any) -> Any:
    """Return what a counter's keys and counts have to be, None where the keys may be anything."""
    keys = get_args(kind)
    return None if keys == (Any,) else GenericAlias(dict, (*keys, int))


_DECODER = msgspec.msgpack.Decoder(Tally, dec_hook=_counter)
