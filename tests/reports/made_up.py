"""Measures of a day with something of everything, as the document holds them; figures need not fit each other."""

import json
from pathlib import Path
from typing import Any

MADE_UP: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
PAUSE = {key: value for key, value in MADE_UP["pauses"][0].items() if key != "reason"}
