"""The pages of a day's report: the summary's second, details, measures, what is for managers only, definitions; read
back from the PDF."""

from __future__ import annotations

from msgspec.structs import replace

from queuedesk.reports.figures.period import read_day, read_period
from queuedesk.reports.figures.write import content
from queuedesk.reports.pages.annex import facts
from tests.reports.days import DAY, NEXT_MORNING, eventful
from tests.reports.made_up import MADE_UP
from tests.reports.pages.test_day_details import desk, made_up, pages, pages_of, plain, read, told  # noqa: F401
from tests.reports.read_back import english


def test_a_period_has_the_same_measures_with_dates(desk, read):  # noqa: F811
    week = read_period(desk, "week", DAY, NEXT_MORNING)
    week = replace(week, figures=week.figures | {"measures": MADE_UP})

    text = " ".join(pages_of(content(week, ".pdf", "en", None)))

    for words in (
        "Served rate 98.9 % 1,296 / 1,310",
        "C021 19 Nov 34.0 10:12 Window 5: the one before",
        "4 · Chen Jing 19 Nov 10:20–11:05 45 A system is down",
        "Priority",
        "Display 98.5 % 540 1 time, on 19 Nov 13:42–13:50: no sign of life",
        "Annex 1 /",
        "Zhou Lin 2.1 % 5 / 240",
    ):
        assert words in text


def test_every_page_is_chinese_in_chinese(read):  # noqa: F811
    found = pages(made_up(read, outcomes=[{"code": "办结了", "n": 3}]), "zh_CN")

    assert "等得最久的 6 位" in found[1] and "仅供管理人员 · 请勿张贴" in found[-2]
    assert english(" ".join(found)) == []


def test_every_share_stands_with_its_numerator_and_denominator(told):  # noqa: F811
    page = " ".join(told[2:])

    for words in (
        "Served rate 98.9 % 1,296 / 1,310",
        "Called within 15 min 77.5 % 234 / 302 1,003 who left uncalled before that count in neither",
        "Settled at the first visit 94.9 % 281 / 296 9 transferred, 6 came back within 7 days; 61 of 1,842 tickets of these days name",
        "for 12 the 7 days are not over",
        "Wrong window 2.3 % 7 / 310 52.0 min of staff time lost",
        "Without a form 40.9 % 121 / 296 605.0 min saved, 5 min each",
        "Missed at least once 11 5 back in line",
        "Came without the papers 9 4 came again for papers",
        "Waiting for other systems 41.0 min 12 steps of visits · The service system does not answer 9",
        "Set aside 40.0 min 3 steps of visits",
        "Calls for help answered within (median) 0.7 min 4 / 6 somebody was there after 1.9 min (median)",
        "Windows free while somebody waited 35.2 min",
        "A Pay a bill 1.8 % 3 / 168 37.5 % 60 / 160 300",
        "B Account services · ",
        "18.2 % 2 / 11",
        "none noted 20.0 % 60 / 300",
        "How they were treated 120 80 30 7 2 1",
        "Regular 250 245 11.2 9.0 22.0",
        "for one service 152 155 8.1 16.5 151 3.4 6.0",
        "Online 40.0 % 8 / 20",
        "Bank A Pay a bill 31,000",
        "A Pay a bill 7.3 % 3,400 / 46,400",
        "Rules of that day. Waiting: A call within 15 min is in time. Order of calls: By arrival; a class counts as",
        "Missed after 3 calls; third in line again if back within 10 min or 5 numbers, else last; may let others go first 1 time.",
        "settled at the first visit: not back within 7 days. The day's end: Customers who would not be called before closing are warned;",
        "Annex 1 / 3",
        "60 20.0 % 3.5 16.9 21.5",
        "Worst half-hour: 12:00, 25.0 % of 24 called later than estimated.",
    ):
        assert words in page


def test_pages_of_the_wall_and_of_the_annex_are_numbered_apart(plain):  # noqa: F811
    assert [page.rpartition("QueueDesk ")[2] for page in plain] == [
        "1 / 2",
        "2 / 2",
        "Annex 1 / 3",
        "Annex 2 / 3",
        "Annex 3 / 3",
        "For managers only 1 / 2",
        "For managers only 2 / 2",
    ]


def test_the_eventful_day_says_what_is_left_out_and_counted_at_several(tmp_path, plain):  # noqa: F811
    """Of a transfer there is a step more where it went on to, and none finished where it came from."""
    assert "no paper tickets were entered later; none was left open overnight." in " ".join(plain[2:])
    read = read_day(eventful(tmp_path), DAY, NEXT_MORNING)  # noqa: F811
    found = pages(read)

    assert "2 closed only by the day-end are in no average" in " ".join(found[2:])
    assert "left open overnight" not in " ".join(found[2:])
    assert "1 transferred on is not among the finished where it came from;" in " ".join(found)
    assert "more than all: tickets with several, or transferred on, count at each." in " ".join(found)
    facts_told = {fact.name: (fact.value, fact.of) for fact in facts(read.figures, "en")}
    assert facts_told["Served rate"] == ("57.1 %", "8 / 14")
    assert facts_told["Did not come at all"] == ("14.3 %", "2 / 14")
    assert facts_told["Missed at least once"] == ("2", "")


def test_what_concerns_persons_is_only_on_the_pages_for_managers(read, told):  # noqa: F811
    found = told
    first = next(n for n, page in enumerate(found) if "For managers only · do not put on the wall" in page)
    others, last = found[:first], " ".join(found[first:])

    assert last.startswith("East City Power Service Hall For managers only")
    assert last.endswith("For managers only 2 / 2")
    assert "Zhou Lin 2.1 % 5 / 240" in last
    for row in read.figures["staff"]:
        ratings = row["ratings"]
        assert f"{ratings['n']} {ratings['unrated']}" in last
    assert not [page for page in others if "Zhou Lin" in page or "do not put on the wall" in page]
    clerks = [page for page in others if "Zhang Min" in page]
    assert clerks == [others[1]] and "atisfied" not in clerks[0]
    assert "Definitions Figure What is counted" in last
