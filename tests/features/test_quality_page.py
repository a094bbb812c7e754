"""The page of quality in a report, and its figures in every kind of file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.quality.case import Verdict
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.quality import casework, thanking
from queuedesk.desk.quality.casework import Complaint
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures import write
from tests.features.test_quality_recomputed import AFTER, month_of
from tests.hall import MANAGER
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.pages.test_day_details import pages_of
from tests.reports.read_back import english, from_csv, from_json, from_xlsx, plain

QUIET = "No cases, comments, inspections, warnings, thanks or forums were noted in this time."
SECRETS = ("Nobody told me", "Wang Laowu", "0013 5176", "8165176", "Rude at the door", "Inspector Zhao", "Old fees")


def pages(desk: Desk, lang: str = "en") -> list[str]:
    return pages_of(write.paper(desk, ONE_DAY, DAY, lang=lang, now=NEXT_MORNING)[0])


def test_a_hall_without_any_record_shows_one_line_and_no_page(tmp_path: Path) -> None:
    found = pages(simulated(tmp_path, customers=60))

    assert [n for n, page in enumerate(found) if QUIET in page] == [2]
    assert not any("Where it came from" in page or "In single figures" in page for page in found)


def test_no_words_contact_or_name_of_a_customer_stands_in_a_report(tmp_path: Path) -> None:
    desk = simulated(tmp_path, customers=60)

    def ask() -> Ask:
        return Ask(MANAGER, NEXT_MORNING.replace(day=19, hour=10))

    complaint = Complaint(klass="complaint", words="Nobody told me", contact="138 0013 5176", name="Wang Laowu")
    number = casework.open_case(desk, ask(), complaint)["number"]
    casework.note_contact(desk, ask(), number)
    casework.note_act(desk, ask(), number, "Rude at the door: spoken with")
    casework.call_back(desk, ask(), number, reached=True, verdict=Verdict.DISSATISFIED)
    thanking.note(desk, ask(), "Rude at the door", klass="complaint")
    inspecting_verbs.plan(desk, ask(), date(2026, 11, 25), "window", "supervisor", outsider="Inspector Zhao")
    inspecting_verbs.plan(desk, ask(), date(2026, 11, 27), "window", "mystery", visitor=2)
    inspecting_verbs.add_fix(desk, ask(), "Old fees", "C2")

    for lang in LANGUAGES:
        files = {
            ending: write.write_day(desk, DAY, tmp_path / f"day-{lang}{ending}", lang=lang, now=NEXT_MORNING)
            for ending in (".json", ".csv", ".xlsx")
        }
        found = pages(desk, lang)
        page = " ".join(found[2:])
        said = [
            *found,
            files[".json"].read_text(),
            files[".csv"].read_text(),
            str(from_xlsx(files[".xlsx"], files[".csv"], lang)),
        ]
        assert [secret for secret in SECRETS if any(secret in text for text in said)] == []
        # Nobody is to know beforehand that somebody will look.
        assert ("Mystery visit 0" in page, "Inspections done" in page) == (False, False)
        assert ("Still dissatisfied 1" if lang == "en" else "仍不满意 1") in page
        assert lang == "en" or english(" ".join(found)) == []


def test_every_kind_of_file_has_the_same_figures_of_quality(tmp_path: Path) -> None:
    desk = month_of(tmp_path, seed=3)
    month = date(2026, 10, 20)
    csv, book, json = (
        write.write(desk, MONTH, month, tmp_path / f"m{ending}", lang="en", now=AFTER)
        for ending in (".csv", ".xlsx", ".json")
    )

    expected = {path: value for path, value in from_json(json).items() if path.startswith(("quality", "cases"))}
    others = [from_csv(csv), from_xlsx(book, csv, "en")]

    assert len(expected) > 60
    for one in others:
        assert {path: plain(one.get(path)) for path in expected} == expected
