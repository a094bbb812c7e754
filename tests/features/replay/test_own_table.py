"""The program's own table of a day's tickets is a record that it plays again."""

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.replay.verbs import OWN_COLUMNS, replay_file_into_hall
from queuedesk.reports.figures import period as report
from queuedesk.reports.papers import tickets
from queuedesk.store.engine.database import Database
from queuedesk.store.log import book
from tests.reports.days import DAY, NEXT_MORNING, simulated


def table(desk: Desk) -> bytes:
    with desk.db.read() as tx:
        return tickets.tickets_csv_bytes(book.hall_state_of_day(tx, desk.hall, DAY), DAY)


def test_a_day_written_as_a_table_and_played_is_the_day_and_a_step_that_can_t_be_is_named(tmp_path: Path) -> None:
    """What the table does not tell may differ, such as each recall; who came, waited, was served and rated does not."""
    assert OWN_COLUMNS == tickets.COLUMNS
    desk = simulated(tmp_path, customers=60)
    file, second = tmp_path / "day.csv", tmp_path / "second.sqlite"
    file.write_bytes(table(desk))
    before = report.read_day_report(desk, DAY, NEXT_MORNING).figures
    told = replay_file_into_hall(file, target=second, setup=dict(looking.setup_of_hall(desk).document))
    after = report.read_day_report(Desk(Database.open(second), 1), DAY, NEXT_MORNING).figures
    assert (told.days, told.tickets, told.skipped) == (1, before["issued"], 0)
    for key in ("issued", "called", "finished", "left", "void", "wait", "ratings", "redirects"):
        assert after[key] == before[key], key
    for key in ("n", "median"):
        assert after["handling"][key] == pytest.approx(before["handling"][key], rel=0.05)
    # Each by its line.
    head, first, *rest = (line.split(",") for line in table(desk).decode("utf-8-sig").splitlines())
    served = next(n for n, cells in enumerate(rest, 3) if cells[OWN_COLUMNS.index("started")])
    for cells, called in ((first, "tomorrow"), (rest[served - 3], "")):
        cells[OWN_COLUMNS.index("called")] = called
    file.write_text("\n".join(",".join(cells) for cells in (head, first, *rest)), encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        replay_file_into_hall(file)
    assert refused.value.code == "bad_rows"
    named = [(line, error.code) for line, error in refused.value.details["lines"]]
    assert named == [(2, "not_a_moment"), (served, "cell_empty")]
