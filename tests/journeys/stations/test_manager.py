"""An admin at the manager's station in a process of its own, by keys and clicks, read back from log and report."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.i18n import tr
from queuedesk.i18n.queue.line_words import reason_words
from tests.every_day import walked_in
from tests.hall import make_hall
from tests.processes import ran
from tests.reports.read_back import pages_of


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_set_up_ticket_and_report_by_hand(tmp_path: Path, lang: str):
    hall = make_hall(tmp_path, time="10:30")
    hall.open("3", "C3")
    hall.queue("B", "B", "A")
    hall.serve_out("3")
    folder = tmp_path / "reports"
    folder.mkdir()

    done = ran(Path(__file__).with_name("manager_hands.py"), hall.path, folder, lang)

    assert done.returncode == 0, done.stderr
    log = [e for e in looking.events_after(hall.desk, 0) if e.actor == "AD"]
    assert [e.kind for e in log] == ["sign-in", "set-up", "void"]
    assert {key: log[1].data[key] for key in ("part", "op", "code", "row")} == {
        "part": "services",
        "op": "set",
        "code": "B",
        "row": {"handling_target": 25},
    }
    assert (log[2].ticket, log[2].data["reason"]) == ("B002", "issued_twice")
    assert (folder / "page.png").exists()
    assert reason_words("issued_twice", lang) in pages_of(folder / "CD-2026-11-20-B002.pdf")[0]
    title = {"en": "Daily report", "zh_CN": "营业厅日报"}[lang]  # as the hall's name says
    assert title in pages_of(folder / "CD-2026-11-20-summary.pdf")[0]
    behind = (folder / "CD-2026-11-20-wait-mean.csv").read_text(encoding="utf-8-sig").splitlines()
    assert behind[0].startswith(tr(lang, "Mean wait", context="figure title"))
    assert [line.split(",")[1] for line in behind[3:]] == ["B001"]
