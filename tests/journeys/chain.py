"""The hash chain as anyone can check it from the printed log, with nothing but this."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def first_broken(events: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the seq of the first event that does not follow from the one before it, None when all do."""
    prev, seq = "0" * 64, 0
    for event in events:
        body = {key: value for key, value in event.items() if key not in ("prev", "hash")}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256((prev + text).encode()).hexdigest()
        if event["seq"] != seq + 1 or event["prev"] != prev or event["hash"] != digest:
            return int(event["seq"])
        prev, seq = digest, seq + 1
    return None
