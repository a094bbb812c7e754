"""Reports on paper and in files: the page of quality, and nothing of what a hall does not use."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.quality.case import CustomerVerdict
from queuedesk.desk import setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import casework, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import issuing
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures import write
from tests.features.figure_files.read_back import from_csv, from_xlsx
from tests.features.test_quality_recomputed import AFTER, month_of
from tests.hall import ADMIN, MANAGER
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.read_back import english, from_json, pages_of, plain

QUIET = "No cases, comments, inspections, warnings, thanks or forums were noted in this time."
SECRETS = ("Nobody told me", "Wang Laowu", "0013 5176", "8165176", "Rude at the door", "Inspector Zhao", "Old fees")


def test_without_any_record_one_line_says_so_and_no_words_contact_or_name_of_a_customer_stands_there(tmp_path) -> None:
    desk = simulated(tmp_path, customers=60)
    found = pages_of(write.hall_report_pdf_and_log_part(desk, ONE_DAY, DAY, lang="en", now=NEXT_MORNING)[0])
    assert [n for n, page in enumerate(found) if QUIET in page] == [2]
    assert not any("Where it came from" in page or "In single figures" in page for page in found)

    def ask() -> Ask:
        return Ask(MANAGER, NEXT_MORNING.replace(day=19, hour=10))

    complaint = NewCaseData(klass="complaint", words="Nobody told me", contact="138 0013 5176", name="Wang Laowu")
    number = casework.open_case(desk, ask(), complaint)["number"]
    casework.record_first_contact(desk, ask(), number)
    casework.record_case_action(desk, ask(), number, "Rude at the door: spoken with")
    casework.record_call_back(desk, ask(), number, reached=True, verdict=CustomerVerdict.DISSATISFIED)
    thanking.record_spoken_comment(desk, ask(), "Rude at the door", klass="complaint")
    inspecting_verbs.plan_inspection(desk, ask(), date(2026, 11, 25), "window", "supervisor", outsider="Inspector Zhao")
    inspecting_verbs.plan_inspection(desk, ask(), date(2026, 11, 27), "window", "mystery", visitor=2)
    inspecting_verbs.add_rectification(desk, ask(), "Old fees", "C2")
    for lang in LANGUAGES:
        files = {
            ending: write.write_day_report(desk, DAY, tmp_path / f"day-{lang}{ending}", lang=lang, now=NEXT_MORNING)
            for ending in (".json", ".csv", ".xlsx")
        }
        found = pages_of(write.hall_report_pdf_and_log_part(desk, ONE_DAY, DAY, lang=lang, now=NEXT_MORNING)[0])
        page = " ".join(found[2:])
        texts = [files[ending].read_text() for ending in (".json", ".csv")]
        said = [*found, *texts, str(from_xlsx(files[".xlsx"], files[".csv"], lang))]
        assert [secret for secret in SECRETS if any(secret in text for text in said)] == []
        # Nobody is to know beforehand that somebody will look.
        assert ("Mystery visit 0" in page, "Inspections done" in page) == (False, False)
        assert ("Still dissatisfied 1" if lang == "en" else "仍不满意 1") in page
        assert lang == "en" or english(" ".join(found)) == []


def test_every_kind_of_file_has_the_same_figures_of_quality(tmp_path: Path) -> None:
    desk = month_of(tmp_path, seed=3)
    month = date(2026, 10, 20)
    csv, book, json = (
        write.write_period_report(desk, MONTH, month, tmp_path / f"m{ending}", lang="en", now=AFTER)
        for ending in (".csv", ".xlsx", ".json")
    )
    expected = {path: value for path, value in from_json(json).items() if path.startswith(("quality", "cases"))}
    others = [from_csv(csv), from_xlsx(book, csv, "en")]
    assert len(expected) > 60
    for one in others:
        assert {path: plain(one.get(path)) for path in expected} == expected


SAID = {
    "order": ("Fairness and estimates", "Later ticket first"),
    "inspections": ("inspection", "Inspection", "put right"), "thanks": ("thanks", "Thanks", "warnings", "Warnings"),
    "forums": ("forums", "Forums"), "why_come": ("Offered elsewhere",), "windows_needed": ("The next day",),
    "staff": ("For managers only", "By person"), "equipment": ("Equipment", "checks"),
    "appointments": ("ppointment",), "paper_days": ("paper tickets",),
}  # fmt: skip


@pytest.mark.parametrize("period", [ONE_DAY, MONTH])
def test_a_report_on_paper_has_only_what_the_hall_uses(tmp_path: Path, period: str) -> None:
    desk = simulated(tmp_path, customers=60)
    evening = Ask(MANAGER, NEXT_MORNING - timedelta(hours=15))
    inspecting_verbs.add_rectification(desk, evening, "Old fees", "C2")
    thanking.record_thanks(desk, evening, "C2", words="So kind")
    issuing.record_offered_channel(desk, evening, "A", to="online", declined=True)

    def paper() -> str:
        now = NEXT_MORNING + timedelta(minutes=1)
        report = write.hall_report_pdf_and_log_part(desk, period, DAY, lang="en", now=now, printed_by="M1")
        return " ".join(pages_of(report[0]))

    def files() -> tuple[object, list[str], str]:
        told, book, now = tmp_path / "day.json", tmp_path / "day.xlsx", NEXT_MORNING + timedelta(minutes=1)
        for file in (told, book):
            write.write_period_report(desk, period, DAY, file, lang="en", now=now)
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
    for path in ("promise", "quality.thanks", "measures.devices"):
        assert f"{path}." not in left and f"{path} " not in left
    assert "Staff" not in fewer
    assert isinstance(same, dict) and isinstance(document, dict) and same.keys() == document.keys()
    assert (same["quality"], same["measures"]) == (document["quality"], document["measures"])
    some = sorted(own)[::2]
    choose(*some)
    again = paper()
    assert [name for name in sorted(own) if any(word in again for word in own[name])] == some
