"""`report due` after paper was put in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.cli.commands import Answer, Console
from tests.cli.figures.test_report_due import TODAY, due, hall, here, own_choices  # noqa: F401
from tests.hall import Hall


def test_paper_put_in_later_gives_another_edition(
    hall: Hall,  # noqa: F811
    tmp_path: Path,
    due: Callable[..., Answer],  # noqa: F811
    here: Console,  # noqa: F811
):
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
