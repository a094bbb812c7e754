"""The figures of a day and its two files, against the same figures worked out a second time from the printed log."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import QUEUE_KINDS
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.desk.setup import setting_up
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures import period as report
from queuedesk.reports.figures.write import write_day
from tests.reports.days import DAY, NEXT_MORNING, NINE, asked, eventful, hall, printed_log, simulated
from tests.reports.read_back import CHECK_CODE
from tests.reports.recompute import day_of
from tests.store.statements import statements

HALF_A_ROUNDING = 0.00501  # minutes are printed with two decimals
MIDWAY = datetime(2026, 11, 19, 2, 42, tzinfo=UTC)


def text_of(path: Path) -> str:
    """Return the text of all pages, its lines joined by single spaces."""
    with pypdfium2.PdfDocument(path) as pdf:
        pages = [pdf[i].get_textpage().get_text_range() for i in range(len(pdf))]
    return " ".join(" ".join(pages).split())


def written(desk: Desk, folder: Path, lang: str = "en", **asked: Any) -> str:
    """Return the text of the day's PDF."""
    path = write_day(desk, DAY, folder / f"day-{lang}.pdf", lang=lang, now=asked.pop("now", NEXT_MORNING), **asked)
    return text_of(path)


def differences(found: Any, expected: Any, place: str = "") -> Iterator[str]:
    """Yield what differs by more than the rounding of what is printed."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in found.keys() | expected.keys():
            if key not in found or key not in expected:
                yield f"{place}.{key} is on one side only"
            else:
                yield from differences(found[key], expected[key], f"{place}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        for i, (left, right) in enumerate(zip(found, expected, strict=True)):
            yield from differences(left, right, f"{place}[{i}]")
    elif isinstance(expected, float) and isinstance(found, (int, float)):
        if abs(found - expected) > HALF_A_ROUNDING:
            yield f"{place}: {found}, not {expected}"
    elif found != expected:
        yield f"{place}: {found}, not {expected}"


def counted(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the document without what stands beside its counts."""
    return {key: value for key, value in figures.items() if key not in ("measures", "targets", "rules", "quality")}


def compared(desk: Desk, now: datetime) -> list[str]:
    figures = counted(report.figures_of_day(desk, DAY, now))
    del figures["left_out"]
    return list(differences(figures, day_of(printed_log(desk), DAY.isoformat(), now)))


# -- the figures -------------------------------------------------------------------------------------------------------


def test_figures_of_the_eventful_day_follow_from_its_log(tmp_path):
    desk = eventful(tmp_path)

    assert QUEUE_KINDS - {event.kind for event in looking.events_after(desk, 0)} == set()
    assert compared(desk, NEXT_MORNING) == []


def test_figures_of_a_simulated_day_follow_from_its_log(tmp_path):
    assert compared(simulated(tmp_path), NEXT_MORNING) == []


def test_figures_of_a_running_day_follow_from_its_log(tmp_path):
    assert compared(simulated(tmp_path, until=MIDWAY), MIDWAY + timedelta(seconds=50)) == []


def test_a_day_is_read_without_its_events_and_tickets_whole(tmp_path):
    desk = eventful(tmp_path)
    with statements(desk.db) as asked:
        report.read_day(desk, DAY, NEXT_MORNING)

    whole = [one for one in asked if "events.hash" in one and "events.date = " in one]
    of_tickets = [one for one in asked if "tickets.token" in one]
    assert (whole, of_tickets) == ([], [])


def test_the_second_count_notices_a_wrong_figure(tmp_path):
    desk = eventful(tmp_path)
    log = printed_log(desk)
    figures = report.figures_of_day(desk, DAY, NEXT_MORNING)
    start = next(event for event in log if event["kind"] == "start")
    start["time"] = (datetime.fromisoformat(start["time"]) + timedelta(seconds=20)).isoformat()

    found = " ".join(differences(counted(figures), day_of(log, DAY.isoformat(), NEXT_MORNING)))

    assert ".handling.mean" in found and ".way.mean" in found and ".serving_minutes" in found


def test_a_date_without_tickets_gives_zeros_and_nulls(tmp_path):
    figures = report.figures_of_day(hall(tmp_path), date(2030, 1, 1), NEXT_MORNING)

    assert (figures["issued"], figures["left"], figures["hours"], figures["left_out"]) == (0, 0, [], [])
    assert figures["wait"] == {
        "n": 0,
        "mean": None,
        "median": None,
        "p90": None,
        "max": None,
        "target_minutes": 15,
        "within_target": None,
    }
    assert figures["log"] == {"first_seq": None, "last_seq": None, "hash": None}
    assert figures["ratings"]["rate"] is None


def test_what_is_left_out_is_named_with_its_reason(tmp_path):
    left_out = report.figures_of_day(eventful(tmp_path), DAY, NEXT_MORNING)["left_out"]

    assert {row["what"]: (row["n"], row["why"]) for row in left_out} == {
        "void": (1, "issued_by_mistake"),
        "inaccurate": (2, "closed_by_day_end"),
        "redirected": (3, "wrong_line"),
        "transferred": (1, "not_finished_there"),
        "left_uncalled": (4, "no_call_no_wait"),
        "left_early": (3, "left_within_target"),
        "start_assumed": (1, "way_unknown"),
        "held_minutes": (4.0, "set_aside_is_not_handling"),
        "stalled_minutes": (0.75, "other_system_is_not_handling"),
        "promised_uncalled": (4, "no_first_call"),
        "unrated": (6, "silence_is_no_rating"),
    }


# -- the page ----------------------------------------------------------------------------------------------------------


def as_printed(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


@pytest.mark.parametrize("make", [eventful, simulated])
def test_the_page_shows_the_figures_of_the_log(tmp_path, make):
    desk = make(tmp_path)
    log = printed_log(desk)
    expected = day_of(log, DAY.isoformat(), NEXT_MORNING)
    names = {row["code"]: row["name_en"] for row in log[0]["data"]["setup"]["services"]}

    page = written(desk, tmp_path)

    wait, ratings, promise = expected["wait"], expected["ratings"], expected["promise"]
    assert f"{expected['issued']} tickets" in page
    assert f"{expected['finished']} finished · {expected['left']} left · {expected['void']} void" in page
    assert f"n {wait['n']} · median {as_printed(wait['median'])} · max {as_printed(wait['max'])}" in page
    for row in expected["services"]:
        its_wait = row["wait"]
        within = "—" if its_wait["within_target"] is None else f"{its_wait['within_target'] * 100:.1f} %"
        cells = [row["issued"], row["finished"], row["left"], as_printed(its_wait["mean"]), as_printed(its_wait["p90"])]
        line = " ".join(
            [row["code"], names[row["code"]], *map(str, cells), within, as_printed(row["handling"]["mean"])]
        )
        assert line in page
    rated = f"{ratings['n']} of {ratings['n'] + ratings['unrated']} rated, {ratings['unrated']} not"
    assert rated in page
    interval = f"95 % interval {ratings['low'] * 100:.1f}–{ratings['high'] * 100:.1f} %"
    if ratings["high"] - ratings["low"] > 0.6:
        interval = "too few ratings to say"
    assert f"Satisfied (OK or better) {ratings['rate'] * 100:.1f} %, {interval}" in page
    for level, word in {"5": "Very satisfied", "2": "Dissatisfied", "1": "Very dissatisfied"}.items():
        assert f"{word} {ratings['levels'][level]}" in page
    if promise["n"]:
        assert f"{promise['within']} / {promise['n']} ({promise['within'] / promise['n'] * 100:.1f} %)" in page
    redirects = expected["redirects"]
    assert f"Redirected (wrong window) {redirects['n']}, {redirects['minutes_lost']:.1f} min lost" in page
    reinstated = len({event["ticket"] for event in log if event["kind"] == "reinstate"})
    assert f"Missed · reinstated {expected['missed']} · {reinstated}" in page
    assert f"{expected['log']['first_seq']}–{expected['log']['last_seq']} of the log" in page
    assert expected["log"]["hash"] in page


def test_one_event_at_another_time_changes_both_files(tmp_path):
    pages, documents = set(), set()
    for minutes in (5, 6):
        (folder := tmp_path / str(minutes)).mkdir()
        desk = eventful(folder, served_minutes=minutes)
        figures = report.figures_of_day(desk, DAY, NEXT_MORNING)
        page = written(desk, folder)
        document = write_day(desk, DAY, folder / "day.json", lang="en", now=NEXT_MORNING).read_text(encoding="utf-8")
        assert json.loads(document) == figures
        assert f"{figures['handling']['mean']:.1f}" in page
        pages.add(re.sub(f"[0-9a-f]{{64}}|{CHECK_CODE}", "", page))
        documents.add(re.sub("[0-9a-f]{64}", "", document))

    assert (len(pages), len(documents)) == (2, 2)


def test_the_first_page_shows_the_day_as_its_ribbon_and_by_whom_it_was_printed(tmp_path):
    desk = eventful(tmp_path)
    read = report.read_day(desk, DAY, NEXT_MORNING)
    text = written(desk, tmp_path, printed_by="M1")

    typefaces_are_embedded(tmp_path / "day-en.pdf")
    assert "Printed 20 Nov 8:05 by Zhao Qiang · QueueDesk" in text
    assert len({one.name for one in read.ribbon.strokes}) == read.figures["issued"] - read.figures["void"]
    assert read.ribbon.now is None
    assert "The day, one line per customer" in text
    assert "usual" not in text.split("By service")[0], "no four such days are known"


def typefaces_are_embedded(path: Path) -> None:
    content = path.read_bytes()
    named = {name.decode() for name in re.findall(rb"/BaseFont\s*/(\S+)", content)}
    embedded = {name.decode() for name in re.findall(rb"/FontFile2.*?/FontName\s*/(\S+)", content, re.DOTALL)}

    assert named == embedded
    assert {name.partition("+")[2] for name in named} == {"QDSansSC-Regular", "QDSansSC-Bold"}


def test_a_running_day_says_until_when(tmp_path):
    page = written(simulated(tmp_path, until=MIDWAY), tmp_path, now=MIDWAY)

    assert "until 10:42" in page


def test_a_running_day_calls_no_share_met_over_somebody_who_waits_past_the_target(tmp_path):
    desk = hall(tmp_path)
    issuing.issue(desk, asked(NINE), "A")
    late = "1 waiting longer, up to 25 min"

    assert late in written(desk, tmp_path, now=NINE + timedelta(minutes=25))
    assert late not in written(desk, tmp_path, now=NINE + timedelta(minutes=15))


def test_a_try_out_of_an_hour_says_when_its_tickets_were_taken(tmp_path):
    desk = hall(tmp_path)
    for minutes in (62, 118):
        issuing.issue(desk, asked(NINE + timedelta(minutes=minutes)), "A")

    assert "open 8:30–17:30, tickets 10:02 to 10:58" in written(desk, tmp_path, now=NINE + timedelta(hours=2))
    assert "营业 8:30–17:30，取号 10:02 至 10:58" in written(desk, tmp_path, "zh_CN", now=NEXT_MORNING)
    issuing.issue(desk, asked(NINE + timedelta(hours=7)), "A")
    assert "tickets 10:02" not in written(desk, tmp_path, now=NEXT_MORNING)


def test_a_day_without_tickets_has_a_page(tmp_path):
    page = written(hall(tmp_path), tmp_path)

    assert "0 tickets" in page and "No ticket was issued on this day." in page and "1 / 1" in page
    assert "By half-hour" not in page and "By service" not in page


def test_many_services_go_on_over_pages_under_the_same_titles(tmp_path):
    services = [{"code": f"S{i}", "name": f"{i} & <b>", "prefix": "A", "last": 9999} for i in range(120)]
    windows = [{"code": "1", "services": [row["code"] for row in services]}]
    desk = hall(tmp_path, services=services, windows=windows)
    issuing.issue(desk, asked(NINE), "S0")

    path = write_day(desk, DAY, tmp_path / "day.pdf", lang="en", now=NEXT_MORNING)

    with pypdfium2.PdfDocument(path) as pdf:
        pages = [pdf[i].get_textpage().get_text_range() for i in range(len(pdf))]
    assert all("Mean wait" in page for page in pages if " & <b> 0 0 0" in page)
    assert sum(" & <b> 0 0 0" in page for page in pages) > 1
    assert all(f"S{i} {i} & <b>" in " ".join(pages) for i in range(120))


# -- the file ----------------------------------------------------------------------------------------------------------


def test_a_removed_service_keeps_row_and_name(tmp_path):
    desk = simulated(tmp_path, customers=60)
    ask = Ask(CONSOLE, NEXT_MORNING)
    clocks.end_due(desk, ask)
    before = report.figures_of_day(desk, DAY, NEXT_MORNING)["services"]
    setting_up.remove_row(desk, ask, "services", "D")

    assert report.figures_of_day(desk, DAY, NEXT_MORNING)["services"] == before
    assert "D Questions" in written(desk, tmp_path)


def test_a_file_that_is_there_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "day.json"
    path.write_text("x" * 1_000_000)

    write_day(hall(tmp_path), DAY, path, lang="en", now=NEXT_MORNING)

    assert json.loads(path.read_text(encoding="utf-8"))["issued"] == 0
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix != ".sqlite" and "sqlite" not in p.name) == [
        "day.json"
    ]


def test_the_file_is_refused_by_name_where_its_folder_or_its_ending_is_none(tmp_path):
    desk, path = hall(tmp_path), tmp_path / "nowhere" / "day.pdf"

    with pytest.raises(OutsideError) as refused:
        write_day(desk, DAY, path, lang="en", now=NEXT_MORNING)
    assert (refused.value.code, refused.value.details) == ("cannot_write", {"path": str(path)})
    with pytest.raises(ValueError, match="ods"):
        write_day(desk, DAY, tmp_path / "day.ods", lang="en", now=NEXT_MORNING)
