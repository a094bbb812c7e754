"""Slips on paper: of a warning, each printed once; of overdue cases, each owner's part without the customer."""

from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import HALL
from queuedesk.desk import looking, setting_up
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.talk import messaging
from queuedesk.i18n.quality import warning_delivery_text
from queuedesk.reports.papers import tickets
from tests.hall import ADMIN, MANAGER, Hall, made_once, make_hall, simple_hall
from tests.reports.read_back import about, bookmarks, pages_of


class Printer:
    """A printer of sheets that keeps what it prints, or refuses it."""

    def __init__(self, chosen: str = "office", trouble: str = "") -> None:
        self.chosen, self.trouble, self.printed = chosen, trouble, list[bytes]()

    def report_printer_choices(self) -> dict[str, str]:
        return {"chosen": self.chosen}

    def print_pdf(self, path: Path, printer: str = "") -> str:
        if self.trouble:
            raise OutsideError(self.trouble, printer=printer, cause="out_of_paper")
        self.printed.append(path.read_bytes())
        return printer


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder)
    setting_up.change_row_fields(hall.desk, hall.ask(ADMIN), "staff", "C1", {"warned_of": ["A"]})
    hall.play("open 1 staff=C1", "issue A", 40, "raise-due")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def due(hall: Hall, printer: Printer) -> int:
    return tickets.print_and_count_unseen_warning_slips(hall.desk, hall.ask(HALL), printer, "en")


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_a_slip_says_what_since_when_and_for_whom(hall: Hall, tmp_path: Path, lang: str) -> None:
    (row,) = messaging.warnings_sent_to_staff_between(hall.desk, MANAGER, None, hall.clock())
    file = tmp_path / "slip.pdf"
    file.write_bytes(tickets.warning_slip_pdf(looking.setup_of_hall(hall.desk), row, lang, hall.clock()))
    (page,) = pages_of(file)
    said = {"en": ("long wait", "Target", "15 min", "not seen yet"), "zh_CN": ("等候过长", "目标", "未读")}[lang]
    assert [words for words in said if words not in page] == []


def test_each_is_printed_once_by_a_pc_that_has_a_printer_and_what_came_on_no_paper_is_told_and_tried_again(hall: Hall):
    none, off, other = Printer(""), Printer(trouble="printer_refused"), Printer()
    assert (due(hall, none), due(hall, off)) == (0, 1)
    (row,) = messaging.warnings_with_failed_slip(hall.desk, hall.clock())
    assert warning_delivery_text(looking.setup_of_hall(hall.desk), row, "en").endswith("; not printed: out of paper")
    assert due(hall, other) == 0, "not every minute"
    hall.clock.move(minutes=5)
    assert (due(hall, off), due(hall, other)) == (1, 0)
    hall.clock.move(minutes=5)
    assert [due(hall, one) for one in (none, other, off, other)] == [0, 1, 0, 0]
    (row,) = messaging.warnings_sent_to_staff_between(hall.desk, MANAGER, None, hall.clock())
    assert row["slip"]["cause"] is None and len(other.printed) == 1
    assert messaging.warnings_with_failed_slip(hall.desk, hall.clock()) == []


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_each_owner_has_a_part_without_the_customer(tmp_path, lang):
    hall, out = make_hall(tmp_path, time="9:00"), tmp_path / "slip.pdf"
    for owner in ("C1", "C3", "C3"):
        complaint = NewCaseData(klass="complaint", owner=owner, title="Lamp", words="Too slow", contact="13800135176")
        hall.do("case-open", complaint, who=MANAGER)
    none = tickets.write_slip_and_list_overdue_cases(hall.desk, MANAGER, out, lang=lang, now=hall.clock())
    assert none == [] and not out.exists()
    hall.clock.move(days=4)
    written = tickets.write_slip_and_list_overdue_cases(hall.desk, MANAGER, out, lang=lang, now=hall.clock())
    (text,) = pages_of(out)
    kind = {"en": "Overdue cases", "zh_CN": "超期工单"}[lang]
    assert about(out)["subject"] == kind and [level for level, _title in bookmarks(out)] == [0, 1, 1]
    assert [one["number"] for one in written] == ["26-001", "26-002", "26-003"]
    assert all(number in text for number in ("26-001", "26-002", "26-003"))
    assert not any(word in text for word in ("Lamp", "Too slow", "138", "5176"))
    assert ("Working days over" in text and "2 cases are past" in text) is (lang == "en")
