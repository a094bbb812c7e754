"""Numbered tickets and forms on A4: every number once, in both languages, within the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.setup.file import check_setup
from queuedesk.features.paper_days import papers
from tests.hall import preset

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def pages(content: bytes) -> list[str]:
    document = pdfium.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["Time", "Window", "Calls on paper"]), ("zh_CN", ["时间", "窗口", "纸上叫号记录"])]
)
def test_every_number_stands_on_one_ticket_with_its_service(lang, words):
    setup = check_setup(preset("power"))
    service = setup.services["B"]
    chosen = papers.numbers(service, 50)
    found = pages(papers.tickets_pdf(setup, service, chosen, lang, NOW))

    tickets, forms = found[:3], found[3:]
    assert len(forms) == 3
    said = "\n".join(tickets)
    assert all(said.count(f"B{number:03d}") == 1 for number in chosen)
    assert said.count(service.name_en if lang == "en" else service.name) == 50
    assert [text.count(words[0]) for text in tickets] == [24, 24, 2]
    assert words[1] in tickets[0] and all(words[2] in form for form in forms)


def test_the_numbers_are_the_last_hundred_of_the_series():
    service = check_setup(preset("power")).services["A"]
    last = service.last

    assert list(papers.numbers(service, 3)) == [last - 99, last - 98, last - 97]
    assert papers.numbers(service, 150)[-1] == last
    assert list(papers.numbers(service, 2, 7)) == [7, 8]


@pytest.mark.parametrize(
    ("count", "first", "field"), [(0, None, "count"), (9999, None, "count"), (1, 0, "first"), (2, 499, "first")]
)
def test_a_series_without_room_is_told(count, first, field):
    rows = [{**row, "last": 499} for row in preset("power")["services"]]
    service = check_setup(preset("power", services=rows)).services["A"]
    with pytest.raises(RuleError) as refused:
        papers.numbers(service, count, first)
    assert (refused.value.code, refused.value.details["field"]) == ("bad_value", field)


def test_a_short_series_begins_at_its_own_first_number():
    rows = [{**row, "first": 10, "last": 40} for row in preset("power")["services"]]
    service = check_setup(preset("power", services=rows)).services["A"]
    assert list(papers.numbers(service, 2)) == [10, 11]
