"""The pages of a day's report: the summary's second, details, measures, what is for managers only, definitions; read
back from the PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pypdfium2
import pytest
from msgspec.structs import replace

from queuedesk.desk.change import Desk
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.draw.pdf import BOTTOM, LEFT, PAGE_HEIGHT, PAGE_WIDTH, TOP
from queuedesk.reports.figures.period import DayRead, read_day
from queuedesk.reports.pages.day_page import day_pdf
from tests.every_day import SEES_ALL, paired
from tests.reports.days import DAY, NEXT_MORNING, simulated
from tests.reports.made_up import MADE_UP, PAUSE


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = simulated(tmp_path_factory.mktemp("hall"), customers=60)
    yield made
    made.db.dispose()


@pytest.fixture(scope="module")
def read(desk: Desk) -> DayRead:
    return read_day(desk, DAY, NEXT_MORNING)


@pytest.fixture(scope="module")
def plain(read: DayRead) -> list[str]:
    """Return the pages of the day as it was."""
    return pages(read)


@pytest.fixture(scope="module")
def told(read: DayRead) -> list[str]:
    """Return the pages of the day with measures of our own."""
    return pages(made_up(read))


def made_up(read: DayRead, **measures: Any) -> DayRead:
    """Return the day with measures of our own."""
    return replace(read, figures=read.figures | {"measures": MADE_UP | measures})


def pages_of(pdf: bytes) -> list[str]:
    """Return each page's text, its lines joined by single spaces."""
    with pypdfium2.PdfDocument(pdf) as found:
        return [" ".join(found[i].get_textpage().get_text_range().split()) for i in range(len(found))]


def pages(read: DayRead, lang: str = "en") -> list[str]:
    return pages_of(day_pdf(read, lang, None))


def annex(read: DayRead) -> str:
    """Return the text behind the summary."""
    return " ".join(pages(read)[2:])


# -- details -----------------------------------------------------------------------------------------------------------


def test_half_hours_and_windows_stand_on_the_second_page(read, plain):
    page = plain[1]

    for row in read.figures["hours"]:
        wait = "—" if row["mean_wait"] is None else f"{row['mean_wait']:.1f}"
        start = row["from"].removeprefix("0")
        assert f"{start} {row['arrivals']} {row['calls']} {wait} {row['open_windows']}" in page
    for row in read.figures["windows"]:
        serving = f"{100 * row['serving_minutes'] / row['open_minutes']:.0f} %"
        counts = f"{row['finished']} {row['open_minutes']:.0f} {row['paused_minutes']:.0f} {serving}"
        assert counts in page


def test_handling_at_a_window_is_that_of_its_one_clerk(read):
    sat = {window: at.staff for window, at in read.at_windows.items()}
    by_clerk = {row["code"]: row["handling"]["mean"] for row in read.figures["staff"]}

    assert {window: at.handling for window, at in read.at_windows.items()} == {
        window: by_clerk[staff[0]] for window, staff in sat.items()
    }


def test_the_longest_waits_are_told_in_words_on_the_second_page(told):
    page = told[1]

    for words in (
        "C021 34.0 10:12 Window 5: the one before took 31 min",
        "B049 34.0 10:12 Window 4 paused for 27 min · 3 later tickets went first",
        "B052 34.0 10:12 Many arrivals",
        "B053 34.0 10:12 Window 2 was free for 6 min",
        "B055 34.0 10:12 Few windows open",
        "B054 34.0 10:12 —",
        "The 6 longest waits",
    ):
        assert words in page
    assert page.endswith("2 / 2")


def test_overtakes_pauses_and_equipment_are_told_in_words_in_the_annex(read):
    sound = MADE_UP["devices"][0] | {"device": "kiosk", "rate": 1.0, "outages": []}
    passed = read.figures["overtakes"] | {"tickets": sum(one["tickets"] for one in MADE_UP["overtakes"])}
    read = replace(read, figures=read.figures | {"overtakes": passed})
    page = pages(made_up(read, devices=[*MADE_UP["devices"], sound]))[2]

    for words in (
        "Priority 14 3 Rule: By arrival; a class counts as so many minutes earlier, at most one call in 3 goes ahead by priority; "
        "priority: Elderly 10 min",
        "4 · Chen Jing 10:20–11:05 45 A system is down",
        "Display 98.5 % 540 no sign of life 13:42–13:50",
        "Worked all the time while open: Kiosk",
        "What these figures leave out:",
    ):
        assert words in page


@pytest.mark.parametrize("overtakes", [MADE_UP["overtakes"], []], ids=["beside", "alone"])
def test_pauses_stand_beside_why_later_tickets_went_first_or_at_the_edge_alone(read, overtakes):
    with pypdfium2.PdfDocument(day_pdf(made_up(read, overtakes=overtakes), "en", None)) as found:
        lefts = []
        for page in found:
            text = page.get_textpage()
            rects = [text.get_rect(n) for n in range(text.count_rects())]
            lefts += [rect[0] for rect in rects if text.get_text_bounded(*rect).startswith("Pauses of 20")]

    (left,) = lefts
    assert left == pytest.approx(LEFT, abs=2) if not overtakes else left > PAGE_WIDTH / 2


def test_what_is_rare_has_its_own_words(read):
    device = MADE_UP["devices"][0]
    rare = read.figures | {
        "overtakes": read.figures["overtakes"] | {"tickets": 13},
        "left_out": [{"what": "left_uncalled", "n": 12345, "why": "no_call_no_wait"}],
        "no_show": 8,
    }
    at = {"1": replace(read.at_windows["1"], staff=("C1", "C2", "C3"))}
    first, second, *rest = pages(
        made_up(
            replace(read, figures=rare, at_windows=read.at_windows | at),
            pauses=[PAUSE | {"reason": "meal", "to": None}],
            devices=[device | {"outages": [device["outages"][0] | {"to": None}]}],
            form_free=MADE_UP["form_free"] | {"minutes_each": 0, "minutes_saved": None},
            first_visit=MADE_UP["first_visit"] | {"not_over": 296, "of": 296, "n": 281},
            promise=MADE_UP["promise"] | {"naive": MADE_UP["promise"]["naive"] | {"n": 200, "interval_score": 16.8}},
        )
    )
    found = " ".join(rest)

    assert "12,345 who left uncalled are not in the mean wait" in first, "large counts have separators"
    assert "1 Zhang Min +2 " in second, "several clerks at one window are one name and a number"
    for words in (
        "Priority 14 3 13 tickets in all: some for several reasons. Rule: ",
        "4 · Chen Jing from 10:20 45 Meal",  # it still lasts
        "no sign of life from 13:42",
        "Missed at least once 11 5 back in line, 2 of them missed again",
        "Settled at the first visit — first figure on 27 Nov",
        "the simple formula did better here",
        "Without a form 40.9 % 121 / 296 the time saved has not been measured yet",
    ):
        assert words in found
    assert "Saved, min" not in found


# -- measures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "score"), [(200, 17.0), (199, 16.8)])
def test_the_simple_formula_is_not_said_to_do_better_where_it_did_not(read, n, score):
    promise = MADE_UP["promise"] | {"naive": MADE_UP["promise"]["naive"] | {"n": n, "interval_score": score}}

    assert "the simple formula did better here" not in annex(made_up(read, promise=promise))


def test_nothing_is_printed_where_nothing_is_known(read):
    empty = {
        "form_free": MADE_UP["form_free"] | {"n": 0, "rate": 0.0, "minutes_saved": 0.0},
        "first_visit": MADE_UP["first_visit"] | {"n": 0, "of": 0, "rate": None},
        "papers": {"not_ready": 0, "repeat": 0},
        "system_wait": {"legs": 0, "minutes": 0.0, "by_reason": []},
        "set_aside": {"legs": 0, "minutes": 0.0},
        "outcomes": [{"code": None, "n": 300}],
        "questions": {key: {"n": 0, "levels": {}} for key in ("attitude", "competence")},
        "classes": MADE_UP["classes"][:1],
        "counters": MADE_UP["counters"][:1],
        "diversion": {"offered": 0, "accepted": 0, "declined": 0, "rate": None, "by_channel": []}
        | {"ledger": [], "hall_share": []},
        "devices": [],
        "pauses": [],
        "longest_waits": [],
        "overtakes": [],
        "idle_minutes": None,
    }
    found, _mark, defined = " ".join(pages(made_up(read, **empty))).rpartition("Definitions")

    for words in ("Without a form", "Settled", "the papers", "other systems", "Set aside", "Outcomes", "Further"):
        assert words not in found.partition("What these figures leave out")[2].partition("Measures")[2]
    for words in ("by class", "one service or", "elsewhere", "Windows free", "Pauses", "longest wait", "Why later"):
        assert words not in found
    assert "Equipment" not in found
    for figure in (
        "Without a form steps",
        "Minutes saved",
        "Outcomes steps",
        "Set aside minutes",
        "Further questions",
        "Pauses",
    ):
        assert figure not in defined
    assert "Served rate tickets finished" in defined


# -- pages and series --------------------------------------------------------------------------------------------------


SIZES = list(product([1, 22, 60], [1, 30, 90])) if SEES_ALL else [(1, 1), (22, 30), (60, 90), (1, 90), (60, 1)]
"""How many windows and services: a daily run looks at the smallest and largest of each with each other."""


@pytest.mark.parametrize(("size", "lang"), paired(SIZES, LANGUAGES))
def test_the_summary_has_two_pages_and_no_page_is_nearly_empty(read, size, lang):
    windows, services = size
    window, service = read.figures["windows"][0], read.figures["services"][0]
    lanes = [replace(read.ribbon.lanes[0]) for _ in range(windows)]
    large = made_up(
        replace(
            read,
            figures=read.figures
            | {
                "windows": [window | {"code": f"W{n}", "finished": 1000 + n} for n in range(windows)],
                "services": [service | {"code": f"S{n}", "issued": 2000 + n} for n in range(services)],
            },
            ribbon=replace(read.ribbon, lanes=lanes),
        )
    )
    pdf = day_pdf(large, lang, None)
    found = pages_of(pdf)
    ends = [page.rpartition("QueueDesk ")[2] for page in found]

    assert ends[:2] == ["1 / 2", "2 / 2"] and not any(end[0].isdigit() for end in ends[2:])
    assert all(f" {1000 + n:,} " in " ".join(found) for n in range(windows))
    assert all(f"{2000 + n:,}" in " ".join(found) for n in range(services))
    assert min(filled(pdf)) >= 1 / 3


def filled(pdf: bytes) -> list[float]:
    """Return for each page which share of the room between head and foot its texts reach down."""
    with pypdfium2.PdfDocument(pdf) as found:
        tops = []
        for page in found:
            text = page.get_textpage()
            ends = [PAGE_HEIGHT - text.get_rect(n)[1] for n in range(text.count_rects())]
            tops.append(max(end for end in ends if end <= BOTTOM))
        return [(end - TOP) / (BOTTOM - TOP) for end in tops]


def test_nothing_is_lost_when_there_are_many_windows(read):
    row, windows = read.figures["windows"][0], 22
    rows = [row | {"code": f"W{n}", "finished": 1000 + n} for n in range(windows)]
    pauses = [PAUSE | {"window": f"W{n % windows}", "reason": "meal"} for n in range(20)]

    found = pages(made_up(replace(read, figures=read.figures | {"windows": rows}), pauses=pauses))

    wall = " ".join(page for page in found if "managers" not in page.rpartition("QueueDesk ")[2])
    assert all(f"W{n} — {1000 + n:,}" in wall for n in range(windows))
    assert wall.count("Meal") == 10 and "the next 10 are in the workbook" in wall
    assert "What these figures leave out:" in wall


def test_made_up_measures_have_the_shape_of_real_ones(read):
    def shape(value: Any) -> Any:
        return {key: shape(one) for key, one in value.items()} if isinstance(value, Mapping) else None

    real = read.figures["measures"]
    assert shape(MADE_UP) == shape(real)
