"""What became of a call, recall or spoken notice: when it was shown and said, or why nobody heard it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SILENT = "none"
"""The link of a voice that tried and stayed silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A call, recall or spoken notice of the log: `station` is the voice that tried, None where none has reported.

    `text` is what was said, in `sound_ms`, begun `delay_ms` behind the picture; `cause` is why a voice stayed silent
    (`link` "none").
    """

    seq: int
    kind: str
    time: datetime
    ticket: str | None
    window: str | None
    shown: datetime | None = None
    spoken: datetime | None = None
    station: str | None = None
    link: str | None = None
    text: str | None = None
    sound_ms: int | None = None
    delay_ms: int | None = None
    cause: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether a voice tried and no voice said it."""
        return self.spoken is None and self.link == SILENT
