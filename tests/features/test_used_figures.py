"""The papers of a hall that uses little speak of nothing else; scripts get every figure all the same."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import thanking
from queuedesk.desk.queue import issuing
from queuedesk.desk.setup import setting_up
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.reports.figures import write
from tests.hall import ADMIN, MANAGER
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.pages.test_day_details import pages_of

SAID = {
    "order": ("Fairness and estimates", "Later ticket first"),
    "inspections": ("inspection", "Inspection", "put right"),
    "thanks": ("thanks", "Thanks", "warnings", "Warnings"),
    "forums": ("forums", "Forums"),
    "why_come": ("Offered elsewhere",),
    "windows_needed": ("The next day",),
    "staff": ("For managers only", "By person"),
    "equipment": ("Equipment", "checks"),
    "appointments": ("ppointment",),
    "paper_days": ("paper tickets",),
}


def noted(folder: Path) -> Desk:
    desk = simulated(folder, customers=60)
    evening = Ask(MANAGER, NEXT_MORNING - timedelta(hours=15))
    inspecting_verbs.add_fix(desk, evening, "Old fees", "C2")
    thanking.thank(desk, evening, "C2", words="So kind")
    issuing.offer_channel(desk, evening, "A", to="online", declined=True)
    return desk


@pytest.mark.parametrize("period", [ONE_DAY, MONTH])
def test_a_report_on_paper_has_only_what_the_hall_uses(tmp_path: Path, period: str) -> None:
    desk = noted(tmp_path)

    def paper() -> str:
        now = NEXT_MORNING + timedelta(minutes=1)
        return " ".join(pages_of(write.paper(desk, period, DAY, lang="en", now=now, printed_by="M1")[0]))

    def files() -> tuple[object, list[str], str]:
        told, book, now = tmp_path / "day.json", tmp_path / "day.xlsx", NEXT_MORNING + timedelta(minutes=1)
        for file in (told, book):
            write.write(desk, period, DAY, file, lang="en", now=now)
        sheets = load_workbook(book, read_only=True)
        overview = {str(row[-1]) for row in sheets["Overview"].iter_rows(values_only=True)}
        defined = {str(row[-1]) for row in sheets["Definitions"].iter_rows(values_only=True)}
        return json.loads(told.read_text(encoding="utf-8")), sheets.sheetnames, " ".join(overview | defined)

    def choose(*features: str) -> None:
        setting_up.change_hall(desk, Ask(ADMIN, NEXT_MORNING), {"features": list(features)})

    whole, (document, sheets, paths) = paper(), files()
    own = {name: words for name, words in SAID.items() if any(word in whole for word in words)}
    rare = {"windows_needed", "paper_days"} if period == MONTH else set()
    assert own.keys() == SAID.keys() - rare
    assert "quality.thanks" in paths and "measures.devices" in paths and "Staff" in sheets

    choose()
    few, (same, fewer, left) = paper(), files()
    assert {word for words in SAID.values() for word in words if word in few} == set()
    assert "None in this time: cases, comments." in few
    assert not any(
        f"{path}." in left or f"{path} " in left for path in ("promise", "quality.thanks", "measures.devices")
    )
    assert "Staff" not in fewer
    assert isinstance(same, dict) and isinstance(document, dict) and same.keys() == document.keys()
    assert (same["quality"], same["measures"]) == (document["quality"], document["measures"])

    some = sorted(own)[::2]
    choose(*some)
    again = paper()
    assert [name for name in sorted(own) if any(word in again for word in own[name])] == some
