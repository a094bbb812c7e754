"""A month of sheets that was closed; what they said stands in a text (`closed_text`).

Apart from it: each station knows of closings, and what works a month out is 1 MB.
"""

from __future__ import annotations

import datetime as clock
from datetime import datetime

from msgspec import Struct


class Closing(Struct, frozen=True, kw_only=True):
    """The `version`, from 1 on, in which the month that begins on `month` was closed. `rows` is the id of the text
    beside the log that holds its rows and figures, `told` that of the same without ratings, for who is told of none."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    month: clock.date
    version: int
    rows: str
    told: str
