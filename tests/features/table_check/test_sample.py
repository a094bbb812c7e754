"""The sample project tells of its table what a check of it finds."""

from __future__ import annotations

from decimal import Decimal

from queuedesk.features.projects.words import AFTER, TABLE, TARGET, sample_document
from queuedesk.features.table_check.rules.audit import Asked, Range, audit
from queuedesk.features.table_check.rules.reading import Line, claimed_month
from queuedesk.features.table_check.words import finding_text


def test_the_sample_project_tells_of_its_table_what_a_check_finds() -> None:
    lines = [Line(n, month, str(s), str(d), stated) for n, (month, s, d, stated) in enumerate(TABLE, start=1)]
    span = Range(claimed_month(AFTER[0][0]), claimed_month(AFTER[-1][0]))

    found = audit(lines, Asked(claim=TARGET, range=span, headline=Decimal("98.18"))).findings

    assert sample_document("en")["audit"] == [
        {"kind": one.kind, "rows": list(one.rows), "message": finding_text(one, "en")} for one in found
    ]
