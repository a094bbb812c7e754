"""The slip of overdue cases: each owner's part, with nothing about the customer."""

from __future__ import annotations

import pytest

from queuedesk.desk.quality.casework import Complaint
from queuedesk.reports.papers import slips
from tests.hall import MANAGER, make_hall
from tests.reports.read_back import text_of


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_each_owner_has_a_part_without_the_customer(tmp_path, lang):
    hall, out = make_hall(tmp_path, time="9:00"), tmp_path / "slip.pdf"
    for owner in ("C1", "C3", "C3"):
        complaint = Complaint(klass="complaint", owner=owner, title="Lamp", words="Too slow", contact="13800135176")
        hall.do("case-open", complaint, who=MANAGER)
    assert slips.case_write(hall.desk, MANAGER, out, lang=lang, now=hall.clock()) == [] and not out.exists()

    hall.clock.move(days=4)
    written = slips.case_write(hall.desk, MANAGER, out, lang=lang, now=hall.clock())
    pages, text = text_of(out)

    assert (pages, [one["number"] for one in written]) == (1, ["26-001", "26-002", "26-003"])
    assert all(number in text for number in ("26-001", "26-002", "26-003"))
    assert not any(word in text for word in ("Lamp", "Too slow", "138", "5176"))
    assert ("Working days over" in text and "2 cases are past" in text) is (lang == "en")
