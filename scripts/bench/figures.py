"""What a bench measured, for the one table of all.py, and where its halls stand."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

FILE = "QUEUEDESK_FIGURES"
"""The environment's name for the file that all.py reads."""


def keep(name: str, value: float, unit: str, limit: float | None = None) -> None:
    """Tell all.py, when it is that which runs the bench, a figure of which less is better."""
    file = os.environ.get(FILE)
    if file:
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"name": name, "value": value, "unit": unit, "limit": limit}) + "\n")


def noon_zone(now: datetime) -> str:
    """Return the name of a time zone in which it is between twelve and one at `now`: no midnight falls into what is
    measured."""
    return f"Etc/GMT{now.astimezone(UTC).hour - 12:+d}"  # these names count hours to the west
