"""The table that was published, and what was claimed of it."""

import csv
from pathlib import Path

from queuedesk.features.table_check.rules.reading import Line

GOLDEN = Path(__file__).parents[2] / "golden" / "satisfaction_2011_2012.csv"
PUBLISHED = list(csv.reader(GOLDEN.read_text(encoding="utf-8").splitlines()))[1:]
LINES = [Line(number, *cells) for number, cells in enumerate(PUBLISHED, start=2)]
CLAIMED = ("--claim-above", "98", "--from", "2012-05", "--to", "2012-10", "--headline", "98.18")
