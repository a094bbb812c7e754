"""The figures of a day and its two files, against the same figures worked out a second time from the printed log."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.figures.periods import DAY as ONE_DAY
from queuedesk.core.log.event import QUEUE_KINDS
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.desk.upkeep import clocks
from queuedesk.reports.figures import period as report
from queuedesk.reports.figures.write import write_day_report
from tests.reports.days import DAY, LONG_AFTER, NEXT_MORNING, NINE, asked, eventful, hall, play, printed_log, simulated
from tests.reports.read_back import text_of, told
from tests.reports.recompute import day_of
from tests.reports.recompute_document import SHARES, unrounded
from tests.store.statements import statements

HALF_A_ROUNDING, OF_A_SHARE = 0.00501, 0.00000051  # minutes are printed with two decimals, shares with six
MIDWAY = datetime(2026, 11, 19, 2, 42, tzinfo=UTC)
_TEXT = Path(__file__).with_name("stories.txt").read_text(encoding="utf-8")
STORIES = dict(story.split("\n", 1) for story in _TEXT[2:].strip().split("\n\n# "))
"""What may happen to a ticket, by name: the commands of a date on which nothing else happens."""
THREE_OPEN = "08:30 open 1 --staff C1\n08:30 open 2 --staff C2\n08:30 open 5 --staff C5\n"


def written(desk: Desk, folder: Path, lang: str = "en", **asked: Any) -> str:
    asked = {"now": NEXT_MORNING} | asked
    return text_of(write_day_report(desk, DAY, folder / f"day-{lang}.pdf", lang=lang, **asked))


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
        is_share = re.split("[./]", place)[-1] in SHARES
        if abs(found - expected) > (OF_A_SHARE if is_share else HALF_A_ROUNDING):
            yield f"{place}: {found}, not {expected}"
    elif found != expected:
        yield f"{place}: {found}, not {expected}"


def counted(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the document without what stands beside its counts."""
    return {key: value for key, value in figures.items() if key not in ("measures", "targets", "rules", "quality")}


def wrong(desk: Desk, now: datetime, day: date = DAY, period: str = ONE_DAY) -> list[str]:
    """Return what differs between the whole document of a period and the second count."""
    read = report.read_period_report(desk, period, day, now)
    days = [(read.first + timedelta(days=n)).isoformat() for n in range((read.last - read.first).days + 1)]
    expected = unrounded(printed_log(desk), days, now)
    rows = differences(in_order(read.document), in_order(expected))
    return [*rows, *differences(told(read.document), told(expected))]


def in_order(document: dict[str, Any]) -> dict[str, Any]:
    """Return the tables of a document whose rows have an order of their own."""
    tables = {name: document[name] for name in ("services", "windows", "staff", "hours", "targets", "rules")}
    return tables | {name: document["measures"][name] for name in ("pauses", "longest_waits")}


@pytest.mark.parametrize(
    ("make", "now"),
    [
        (eventful, NEXT_MORNING),
        (simulated, NEXT_MORNING),
        (partial(simulated, until=MIDWAY), MIDWAY + timedelta(seconds=50)),
        (partial(simulated, kind="clinic"), NEXT_MORNING),
        (partial(simulated, kind="bank"), NEXT_MORNING),
        (hall, NEXT_MORNING),
    ],
    ids=["eventful", "simulated", "running", "clinic", "bank", "nobody"],
)
def test_figures_of_a_day_follow_from_its_log(tmp_path: Path, make: Callable[[Path], Desk], now: datetime) -> None:
    assert wrong(make(tmp_path), now) == []


def test_figures_of_whatever_happens_to_a_ticket_follow_from_the_log(tmp_path: Path) -> None:
    """Each on a date of its own; what is rare also while its date runs, once it is over, and once corrected."""
    desk, found = hall(tmp_path), {}
    for n, (name, story) in enumerate(STORIES.items()):
        day = DAY + timedelta(weeks=n)
        if name == "rare steps":
            *lines, end, correction = story.splitlines()
            for part in ("\n".join(lines), end, correction):
                play(desk, part, day)
                found[f"{name}, {part[-20:]}"] = wrong(desk, LONG_AFTER, day)
        else:
            play(desk, f"{THREE_OPEN}{story}\n18:00 day-end", day)
            found[name] = wrong(desk, LONG_AFTER, day)
    assert {name: differs for name, differs in found.items() if differs} == {}


def test_a_day_on_which_all_happens_is_read_without_its_events_and_the_second_count_sees_a_wrong_figure(tmp_path):
    assert QUEUE_KINDS - {event.kind for event in looking.events_after(eventful(tmp_path), 0)} == set()
    desk = eventful(tmp_path)
    with statements(desk.db) as asked:
        report.read_day_report(desk, DAY, NEXT_MORNING)
    whole = [one for one in asked if "events.hash" in one and "events.date = " in one]
    of_tickets = [one for one in asked if "tickets.token" in one]
    assert (whole, of_tickets) == ([], [])
    log, read = printed_log(desk), report.read_day_report(desk, DAY, NEXT_MORNING)
    figures = read.figures
    assert len({one.name for one in read.ribbon.strokes}) == figures["issued"] - figures["void"]
    start = next(event for event in log if event["kind"] == "start")
    start["time"] = (datetime.fromisoformat(start["time"]) + timedelta(seconds=20)).isoformat()
    found = " ".join(differences(counted(figures), day_of(log, DAY.isoformat(), NEXT_MORNING)))
    assert ".handling.mean" in found and ".way.mean" in found and ".serving_minutes" in found


def typefaces_are_embedded(path: Path) -> None:
    content = path.read_bytes()
    named = {name.decode() for name in re.findall(rb"/BaseFont\s*/(\S+)", content)}
    embedded = {name.decode() for name in re.findall(rb"/FontFile2.*?/FontName\s*/(\S+)", content, re.DOTALL)}
    assert named == embedded
    assert {name.partition("+")[2] for name in named} == {"QDSansSC-Regular", "QDSansSC-Bold"}


def test_a_running_day_says_until_when_and_calls_no_share_met_over_somebody_who_waits_past_the_target(tmp_path):
    desk = hall(tmp_path)
    issuing.issue_ticket(desk, asked(NINE), "A")
    late = "1 waiting longer, up to 25 min"
    page = written(desk, tmp_path, now=NINE + timedelta(minutes=25))
    assert late in page and "until 9:25" in page
    assert late not in written(desk, tmp_path, now=NINE + timedelta(minutes=15))


def test_a_try_out_of_an_hour_says_when_its_tickets_were_taken(tmp_path):
    desk = hall(tmp_path)
    for minutes in (62, 118):
        issuing.issue_ticket(desk, asked(NINE + timedelta(minutes=minutes)), "A")
    assert "open 8:30–17:30, tickets 10:02 to 10:58" in written(desk, tmp_path, now=NINE + timedelta(hours=2))
    issuing.issue_ticket(desk, asked(NINE + timedelta(hours=7)), "A")
    assert "tickets 10:02" not in written(desk, tmp_path, now=NEXT_MORNING)


def test_a_day_without_tickets_has_a_page(tmp_path):
    page = written(hall(tmp_path), tmp_path)
    assert "0 tickets" in page and "No ticket was issued on this day." in page and "1 / 1" in page
    assert "By half-hour" not in page and "By service" not in page


def test_a_removed_service_keeps_row_and_name(tmp_path):
    desk = simulated(tmp_path, customers=60)
    ask = Ask(CONSOLE, NEXT_MORNING)
    clocks.end_due(desk, ask)
    before = report.read_day_report(desk, DAY, NEXT_MORNING).figures["services"]
    setting_up.remove_setup_row(desk, ask, "services", "D")
    assert report.read_day_report(desk, DAY, NEXT_MORNING).figures["services"] == before
    assert "D Questions" in written(desk, tmp_path)


def test_a_file_is_written_whole_and_of_no_other_kind(tmp_path):
    desk, path = hall(tmp_path), tmp_path / "day.json"
    path.write_text("x" * 1_000_000)
    write_day_report(desk, DAY, path, lang="en", now=NEXT_MORNING)
    assert json.loads(path.read_text(encoding="utf-8"))["issued"] == 0
    with pytest.raises(ValueError, match="ods"):
        write_day_report(desk, DAY, tmp_path / "day.ods", lang="en", now=NEXT_MORNING)
