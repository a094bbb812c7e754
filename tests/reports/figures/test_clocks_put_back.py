"""The day on which clocks are restored: two half-hours of one name, told apart wherever they are read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from queuedesk.core.charts.waits import hour_labels
from queuedesk.core.figures.comparing import uniquely_named_rows
from queuedesk.core.figures.periods import DAY
from queuedesk.desk import looking
from queuedesk.i18n.figures.figure_titles import figure_title
from queuedesk.reports.figures.period import read_period_report
from tests.hall import simple_hall

FIRST = datetime(2026, 11, 1, 5, 5, tzinfo=UTC)
"""1:05 in New York, for the first time."""
CAME = (1, 2, 3, 4)
"""How many come in each of the four half-hours."""
NAMES = ["01:00", "01:30", "01:00#2", "01:30#2"]


@pytest.fixture
def hall(tmp_path):
    hall = simple_hall(tmp_path, start=FIRST, timezone="America/New_York", settings={"day_end": "00:00"})
    for half, count in enumerate(CAME):
        hall.clock.now = FIRST + timedelta(minutes=30 * half)
        hall.queue(*"A" * count)
    return hall


@pytest.fixture
def read(hall):
    hall.clock.now = FIRST + timedelta(days=3)
    return read_period_report(hall.desk, DAY, date(2026, 11, 1), hall.clock())


def test_two_half_hours_of_one_name_stay_two_in_the_order_in_which_they_passed_and_are_told_apart(hall, read):
    rows = read.document["hours"]
    assert [name for name, _row in uniquely_named_rows(rows)] == NAMES
    assert [row["from"] for row in rows] == ["01:00", "01:30", "01:00", "01:30"]
    assert tuple(row["arrivals"] for row in rows) == CAME
    setup = looking.setup_of_hall(hall.desk)
    titles = [figure_title(f"hours.{name}.arrivals", setup, "en") for name in NAMES]
    assert ["(2nd)" in title for title in titles] == [False, False, True, True]
    assert hour_labels(NAMES) == [(0.0, "1:00"), (2.0, "1:00 (2)"), (4.0, "2:00")]
