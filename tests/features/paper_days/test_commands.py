"""Paper days from the command line while the hall works, and another edition of a report that was written before."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.commands import ended, loaded
from tests.cli.test_papers import TODAY, due, hall, here  # noqa: F401
from tests.cli.upkeep.test_keeping import data_checks
from tests.features.paper_days.test_paper_days import HEADER
from tests.hall import nine_today

pytestmark = pytest.mark.usefixtures("own_choices")

DAY = """2026-11-19T09:00:00+08:00,issue,A401,A,,,,,
2026-11-19T09:01:00+08:00,issue,A402,A,,,elderly,,
2026-11-19T09:05:00+08:00,call,A401,,3,C3,,,x
2026-11-19T09:06:00+08:00,start,A401,,3,,,,
2026-11-19T09:15:00+08:00,finish,A401,,3,C3,,=1+1,@note
2026-11-19T09:16:00+08:00,rate,A401,,,,,4,
2026-11-19T09:20:00+08:00,leave,A402,,,,,,
"""


def test_a_day_is_put_in_while_the_hall_works(live, tmp_path):
    """Numbers are given out by other processes meanwhile; each number goes to one ticket."""
    yesterday = nine_today() - timedelta(days=1)
    day, offset = yesterday.date(), yesterday.isoformat()[-len("+08:00") :]
    rows = DAY.replace("2026-11-19", day.isoformat()).replace("+08:00", offset)
    file = tmp_path / "day.csv"
    file.write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    running = [loaded(live.db, "issue", "A"), loaded(live.db, "--json", "enter", file), loaded(live.db, "issue", "A")]
    assert [ended(one).status for one in running] == [0, 0, 0]
    assert len(live.ask("tickets", "--date", day.isoformat())["tickets"]) == 2
    assert data_checks(live)["tables"] == "ok"


def test_paper_put_in_later_gives_another_edition(hall, tmp_path, due, here):  # noqa: F811
    due()
    yesterday = (TODAY - timedelta(days=1)).date()
    rows = ["time,action,ticket,service,window,staff", f"{yesterday} 10:00,issue,A900,A,,G1"]
    rows += [f"{yesterday} 10:05,call,A900,A,1,C1", f"{yesterday} 10:09,finish,A900,A,1,C1"]
    (tmp_path / "paper.csv").write_text("\n".join(rows), encoding="utf-8")
    assert here.say("enter", tmp_path / "paper.csv").status == 0
    assert due("--gently").document["written"] == [], "gathered until the date turns"
    (day,) = [row for row in due().document["written"] if row["period"] == "day"]
    assert (Path(day["file"]).name, day["edition"]) == (f"{yesterday}-day-T-2.pdf", 2)
    assert (tmp_path / "reports" / f"{yesterday}-day-T.pdf").exists()
