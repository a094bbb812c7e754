"""The order list and the ledger on paper carry the check code of the log, so that a log rewritten since shows."""

from pathlib import Path

import pypdfium2

from queuedesk.core.upkeep import claims_in_printed_text
from queuedesk.desk.upkeep.examining import log_anchor
from queuedesk.features.order.papers import ledger_pdf, order_list_pdf
from queuedesk.features.order.verbs import read_ledger, read_order_list
from tests.hall import Hall, simple_hall
from tests.reports.read_back import about, bookmarks


def seq_of_code(hall: Hall, pdf: bytes) -> int | None:
    """Return the event up to which a sheet's code holds; it must be of this hall's log."""
    with pypdfium2.PdfDocument(pdf) as paper:
        (claim,) = claims_in_printed_text(paper[0].get_textpage().get_text_bounded())
    anchor = log_anchor(hall.desk, claim.seq or 0)
    assert anchor is not None and claim.is_about_log(anchor.log) and claim.matches_hash(anchor.hash)
    return claim.seq


def test_both_sheets_hold_for_the_log_that_they_were_read_from(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.serve_out("1")
    now, length = hall.clock(), hall.length()
    marks = bookmarks(order_list_pdf(read_order_list(hall.desk, now), "en"))
    assert marks[:2] == [(0, "Order of calls"), (1, "A A")]
    assert about(order_list_pdf(read_order_list(hall.desk, now), "zh_CN"))["lang"] == "zh-CN"
    assert seq_of_code(hall, order_list_pdf(read_order_list(hall.desk, now), "en")) == length
    assert seq_of_code(hall, ledger_pdf(read_ledger(hall.desk, now), "zh_CN", now=now)) == length
    hall.clock.move(days=1)
    hall.issue("A")
    earlier = read_ledger(hall.desk, hall.clock(), now.date())
    seq = seq_of_code(hall, ledger_pdf(earlier, "en", now=hall.clock()))
    assert seq is not None and length <= seq < hall.length()
