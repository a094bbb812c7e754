"""What the access journal keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who asked when for what was not theirs: `verb` is one of core.people.MAY, or "read-" and a Read; `code` is the
    refusal's."""

    at: datetime
    actor: str
    verb: str
    code: str
