"""Cases in a hall: who opens, acts and closes; words and contacts beside the log; the rule for low ratings."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import MONTH, period_span_containing
from queuedesk.core.network.roles import CUSTOMER, Actor
from queuedesk.core.quality.case import CustomerVerdict
from queuedesk.core.quality.figures import FigureWithRowNames, figures_with_rows_by_path
from queuedesk.desk.change import Ask, Document
from queuedesk.desk.quality import case_documents, casework, hearing
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import rating
from queuedesk.store.schema import contacts
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import GUIDE, MANAGER, Hall, clerk, simple_hall

OWNER, CLERK, OTHER = clerk("C2"), clerk("C1"), clerk("C3")
PHONE = "138 0013 5176"


@pytest.fixture
def do(hall: Hall) -> Callable[..., Document]:
    def done(deed: Callable[..., Document], *args: Any, who: Actor = MANAGER, **words: Any) -> Document:
        hall.clock.move(minutes=1)
        return deed(hall.desk, Ask(who, hall.clock()), *args, **words)

    return done


refused = partial(pytest.raises, RuleError)


def served(hall: Hall) -> str:
    """Let C1 serve somebody at window 1."""
    label = str(hall.do("issue", "A")["ticket"])
    hall.play("open 1 staff=C1", "call 1", "start 1", "finish 1")
    return label


def look(hall: Hall, number: str, who: Actor = MANAGER) -> Document:
    return case_documents.case_document_if_permitted(hall.desk, who, number, hall.clock())


def test_a_case_from_its_opening_to_the_second_verdict(hall: Hall, do: Callable[..., Document]) -> None:
    complaint = NewCaseData(klass="complaint", title="Other papers", words="Nobody told me.", contact=PHONE, owner="C2")
    number = do(casework.open_case, complaint, who=GUIDE)["number"]
    with refused(match="case_not_next"):
        do(casework.record_case_action, number, "A list", who=OWNER)
    do(casework.record_first_contact, number, note="Sorry", who=OWNER)
    do(casework.record_case_action, number, "A list at the door", who=OWNER)
    with refused(match="case_result_missing"):
        do(casework.close_case, number, who=OWNER)
    do(casework.record_call_back, number, reached=False, who=OWNER)
    again = do(casework.record_call_back, number, reached=True, verdict=CustomerVerdict.DISSATISFIED, who=OWNER)
    hall.clock.move(hours=24)
    do(casework.record_case_action, number, "A list on the ticket", who=OWNER)
    do(casework.record_call_back, number, reached=True, who=OWNER)
    do(casework.record_customer_verdict, number, CustomerVerdict.SATISFIED, who=OWNER)
    closed = do(casework.close_case, number, who=OWNER)

    assert (number, again["state"], again["reopened"], again["next"]) == ("26-001", "contacted", 1, "act")
    assert [closed[name] for name in ("state", "outcome", "next", "overdue")] == ["closed", "satisfied", None, False]
    told = look(hall, number)
    told_steps = [(one["by"], one["step"], one["text"]) for one in told["history"]][:3]
    assert told_steps == [("G1", "open", None), ("C2", "contact", "Sorry"), ("C2", "act", "A list at the door")]
    assert told["words"] == "Nobody told me."
    hall.must_follow_from_its_log()
    assert "Nobody told me" not in str(hall.log())


def test_three_vain_calls_close_a_case_as_not_reached_and_without_a_contact_no_step_needs_one(hall, do) -> None:
    number = do(casework.open_case, NewCaseData(klass="repair", contact=PHONE))["number"]
    do(casework.record_first_contact, number)
    do(casework.record_case_action, number, "Sent somebody")
    for _ in range(2):
        do(casework.record_call_back, number, reached=False)
    with refused(match="case_result_missing"):
        do(casework.close_case, number)
    do(casework.record_call_back, number, reached=False)
    assert do(casework.close_case, number)["outcome"] == "not_reached"
    with refused(match="case_closed"):
        do(casework.record_case_action, number, "More")
    assert do(casework.reopen_case, number, "Came back angry")["state"] == "contacted"
    case = do(casework.open_case, NewCaseData(klass="complaint", asked=True))
    assert (case["next"], case["contact"], case["contact_asked"]) == ("act", None, True)
    do(casework.record_case_action, case["number"], "Mended the door")
    assert do(casework.close_case, case["number"])["outcome"] == "no_contact"


def test_whom_a_case_concerns_neither_owns_nor_acts_nor_sees_it(hall: Hall, do: Callable[..., Document]) -> None:
    label = served(hall)
    with refused(match="case_concerns"):
        do(casework.open_case, NewCaseData(klass="complaint", ticket=label, owner="C1"))
    number = do(casework.open_case, NewCaseData(klass="complaint", ticket=label, owner="C2"))["number"]
    with refused(match="case_concerns"):
        do(casework.assign_case, number, "C1")
    for deed, args in ((casework.record_case_action, ("x",)), (casework.close_case, ())):
        with refused(match="case_concerns"):
            do(deed, number, *args, who=CLERK)
        with refused(match="not_your_case"):
            do(deed, number, *args, who=OTHER)

    now = hall.clock()
    assert case_documents.cases_open_or_of_month(hall.desk, CLERK, None, now) == []
    owned = case_documents.cases_open_or_of_month(hall.desk, OWNER, None, now)
    assert [one["number"] for one in owned] == [number]
    with refused(match="not_your_case"):
        look(hall, number, CLERK)
    # The owner is told the ticket, and not what the customer said of whom.
    own, whole = look(hall, number, OWNER), look(hall, number)
    assert own["ticket"] == label and not {"words", "concerns", "source"} & set(own)
    assert whole["concerns"] == ["C1"]
    assert do(casework.assign_case, number, "C3")["owner"] == "C3"

    of_a_manager = do(casework.open_case, NewCaseData(klass="complaint", concerns=("M1",)), who=GUIDE)
    assert of_a_manager["owner"] == "AD"
    for deed, args in ((casework.record_case_action, ("Nothing",)), (casework.assign_case, ("C2",))):
        with refused(match="case_concerns"):
            do(deed, of_a_manager["number"], *args)


@ON_BOTH_ENGINES
def test_a_contact_is_kept_beside_the_log_shown_once_and_deleted(hall: Hall, do: Callable[..., Document]) -> None:
    """The id of the command remembers neither words nor contact."""
    ask = Ask(MANAGER, hall.clock(), command="c-1", words='{"words": "Nobody told me"}')
    about = {"words": "Nobody told me", "contact": PHONE, "name": "Mrs Wang"}
    complaint = NewCaseData(klass="complaint", owner="C2", **about)
    case = casework.open_case(hall.desk, ask, complaint)
    number = case["number"]
    assert casework.open_case(hall.desk, ask, complaint) == {"number": number}
    with hall.desk.db.read() as tx:
        kept = str(tx.exec_driver_sql("SELECT words, answer FROM commands").all())
    assert "Nobody" not in kept and PHONE not in kept and PHONE.replace(" ", "") not in kept
    # The answer is due in seven working days, and the contact goes ninety days after it.
    assert (case["contact"], case["contact_until"]) == ("138 •••• 5176", "2027-03-01")
    assert do(casework.reveal_customer_contact, number, who=OWNER)["contact"] == PHONE
    assert look(hall, number)["history"][-1]["step"] == "shown"
    with refused(match="not_your_case"):
        do(casework.reveal_customer_contact, number, who=OTHER)
    assert PHONE not in str(hall.log()) and "Wang" not in str(hall.log())

    do(casework.record_first_contact, number)
    do(casework.record_case_action, number, "Done")
    do(casework.record_call_back, number, reached=True, verdict=CustomerVerdict.SATISFIED)
    assert do(casework.close_case, number)["contact_until"] == "2027-02-18"
    hall.clock.move(hours=24 * 91)
    with refused(match="no_contact"):
        do(casework.reveal_customer_contact, number)
    do(casework.open_case, NewCaseData(klass="complaint"))
    with hall.desk.db.read() as tx:
        assert tx.execute(select(contacts)).all() == [], "the first write of a date deletes them"
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
@pytest.mark.parametrize(("rule", "level", "n"), [("auto", 2, 1), ("auto", 3, 0), ("ask", 1, 0), ("off", 1, 0)])
def test_a_low_rating_opens_a_case_where_the_rule_says_so(tmp_path: Path, rule: str, level: int, n: int) -> None:
    hall = simple_hall(tmp_path, settings={"low_rating": rule})
    label = served(hall)
    rating.rate_visit(hall.desk, Ask(CUSTOMER, hall.clock()), label, level, comment="Too slow", tags=["waited_long"])

    found = case_documents.cases_open_or_of_month(hall.desk, MANAGER, None, hall.clock())
    assert len(found) == n
    if n:
        case = look(hall, found[0]["number"])
        told = {"source": "rating", "ticket": label, "words": "Too slow"}
        told |= {"concerns": ["C1"], "reasons": ["waited_long"]}
        # A low rating is answered sooner than other cases: 1, 3 and 5 working days.
        told |= {"contact_due": "2026-11-23", "act_due": "2026-11-25", "answer_due": "2026-11-27"}
        assert {name: case[name] for name in told} == told
        again = NewCaseData(klass="complaint", source="rating", ticket=label)
        with refused(match="case_there"):
            casework.open_case(hall.desk, Ask(MANAGER, hall.clock()), again)


@ON_BOTH_ENGINES
def test_a_list_begins_with_what_is_most_overdue(hall: Hall, do: Callable[..., Document]) -> None:
    first = do(casework.open_case, NewCaseData(klass="enquiry", contact=PHONE))["number"]
    hall.clock.move(hours=24 * 4)
    second = do(casework.open_case, NewCaseData(klass="enquiry"))["number"]
    rows = case_documents.cases_open_or_of_month(hall.desk, MANAGER, None, hall.clock())
    assert [(one["number"], one["over"], one["overdue"]) for one in rows] == [(first, 1, True), (second, -4, False)]
    do(casework.record_case_action, second, "Answered")
    do(casework.close_case, second)
    month = case_documents.cases_open_or_of_month(hall.desk, MANAGER, hall.date, hall.clock())
    assert [one["state"] for one in month] == ["opened", "closed"]


def test_what_is_no_case_is_refused_and_numbers_begin_anew_each_year(hall: Hall, do: Callable[..., Document]) -> None:
    usual: dict[str, Any] = {"klass": "complaint"}
    for code, words in (
        ("bad_value", {"klass": "gossip"}),
        ("bad_value", {"source": "dream"}),
        ("bad_value", {"title": "x" * 61}),
        ("unknown_ticket", {"ticket": "A999"}),
        ("unknown_staff", {"owner": "ZZ"}),
        ("bad_contact", {"contact": "Mr Wang"}),
    ):
        with refused(match=code):
            do(casework.open_case, NewCaseData(**usual | words))
    numbers = [do(casework.open_case, NewCaseData(klass="enquiry"))["number"] for _ in range(2)]
    hall.clock.move(hours=24 * 60)
    numbers.append(do(casework.open_case, NewCaseData(klass="enquiry"))["number"])
    assert numbers == ["26-001", "26-002", "27-001"]


def test_a_case_cites_a_ticket_and_a_figure_with_its_value_of_then(hall: Hall, do: Callable[..., Document]) -> None:
    label = served(hall)
    number = do(casework.open_case, NewCaseData(klass="complaint", owner="C2"))["number"]
    do(casework.cite_ticket_in_case, number, label, who=OWNER)
    do(casework.cite_figure_in_case, number, "issued", first=hall.date, last=hall.date)
    hall.do("issue", "A")

    day = hall.date.isoformat()
    span = {"from": day, "to": day}
    told = look(hall, number)["history"]
    assert [(one["step"], one["cites"]) for one in told[-2:]] == [
        ("cite", {"what": "ticket", "name": label, **span, "value": None}),
        ("cite", {"what": "figure", "name": "issued", **span, "value": 1}),
    ]
    assert [one["cites"] for one in look(hall, number, OWNER)["history"]] == [None] * 3
    assert label not in str([event.data for event in hall.log() if event.kind == "case-note"])
    with refused(match="not_for_you"):
        do(casework.cite_figure_in_case, number, "issued", first=hall.date, last=hall.date, who=OWNER)
    with refused(match="unknown_ticket"):
        do(casework.cite_ticket_in_case, number, "A099")
    wrong = (("windows.1.open_minutes", 2026), ("nonsense", 2026), ("issued", 2030), ("why.by:mood", 2026))
    for path, last in ((path, hall.date.replace(year=year)) for path, year in (*wrong, ("why.by:hour", 2030))):
        with refused(match="bad_value"):
            do(casework.cite_figure_in_case, number, path, first=hall.date, last=last)
    for path, first in (("figures", hall.date.replace(day=2)), ("days", hall.date), ("hours", date(2030, 1, 1))):
        with refused(match="bad_value"):
            do(casework.cite_figure_in_case, number, path, first=first, last=max(first, hall.date))
    hall.must_follow_from_its_log()


def test_a_cited_page_and_chart_say_what_was_corrected_since(hall: Hall, do: Callable[..., Document]) -> None:
    label = served(hall)
    hall.do("rate", label, 2)
    number = do(casework.open_case, NewCaseData(klass="complaint", owner="C2"))["number"]
    first, last = period_span_containing(MONTH, hall.date)
    do(casework.cite_figure_in_case, number, "figures", first=first, last=hall.date, against="before")
    do(casework.cite_figure_in_case, number, "ratings", first=first, last=last)

    def cited() -> list[Document]:
        return [one["cites"] for one in look(hall, number)["history"] if one["cites"]]

    def changed(cites: Document) -> list[tuple[str, float | None, float | None]]:
        found = case_documents.changed_figures_of_citation(hall.desk, MANAGER, cites, hall.clock())
        return [(one.name, one.then, one.now) for one in found]

    page, chart = cited()
    span = {"from": first.isoformat(), "to": last.isoformat(), "period": "month"}
    assert page.items() >= {"what": "page", "name": "figures", **span, "against": "2026-10-01"}.items()
    assert chart.items() >= {"what": "chart", "name": "ratings", **span, "against": None}.items()
    assert (page["figures"]["ratings.rate"], chart["figures"]["levels.2"]) == (0, 1)
    assert changed(page) == changed(chart) == []
    assert [one["cites"] for one in look(hall, number, OWNER)["history"]] == [None] * 3
    with refused(match="not_for_you"):
        case_documents.changed_figures_of_citation(hall.desk, OWNER, page, hall.clock())

    hall.do("correct", label, changes={"rating": 4}, reason="wrong key", second="AD", who=MANAGER)
    assert changed(page) == [("ratings.rate", 0, 1)]
    assert changed(chart) == [("levels.2", 1, 0), ("levels.4", 0, 1), ("rate", 0, 1)]
    hall.play(1440, "issue A")
    assert changed(page) == [("ratings.rate", 0, 1)] and cited() == [page, chart]
    hall.must_follow_from_its_log()


def figures(hall: Hall, first: date, last: date) -> dict[str, FigureWithRowNames]:
    return figures_with_rows_by_path(hearing.quality_rows_between(hall.desk, first, last, hall.clock()))


@ON_BOTH_ENGINES
def test_a_day_keeps_what_stood_at_its_end(hall: Hall, do: Callable[..., Document]) -> None:
    day = hall.clock().date()
    later = day + timedelta(days=4)
    number = do(casework.open_case, NewCaseData(klass="complaint", contact=PHONE))["number"]
    unasked = do(casework.open_case, NewCaseData(klass="repair", asked=True))["number"]
    do(casework.record_first_contact, number)
    do(casework.record_case_action, number, "A list")
    do(casework.record_call_back, number, reached=False)
    do(casework.record_call_back, number, reached=True, verdict=CustomerVerdict.DISSATISFIED)
    hall.clock.move(hours=96)
    do(casework.record_case_action, number, "Another list")
    do(casework.record_call_back, number, reached=True, verdict=CustomerVerdict.SATISFIED)
    do(casework.close_case, number)

    then, now, both = figures(hall, day, day), figures(hall, later, later), figures(hall, day, later)

    for name, told in {
        "cases.opened": ((number, unasked), (), (number, unasked)),
        "cases.open": ((number, unasked), (unasked,), (unasked,)),
        "cases.reopened": ((number,), (), (number,)),
        "cases.closed": ((), (number,), (number,)),
        "cases.call_backs.n": ((number,), (number,), (number,)),
        "cases.verdicts.dissatisfied": ((number,), (), (number,)),
        "cases.by_source.spoken.closed": ((), (number,), (number,)),
        "cases.contacts.valid": ((number,), (), (number,)),
    }.items():
        assert tuple(one[name].rows for one in (then, now, both)) == told, name
    assert [one["cases.call_backs.n"].value for one in (then, now, both)] == [2, 1, 3]
    assert (then["cases.days_to_close.median"].value, both["cases.days_to_close.median"].value) == (None, 2.0)
    assert then["cases.days_to_close.why"].value == "none_closed"
    assert both["cases.contacts.rate"].value == 0.5
    tomorrow = later + timedelta(days=1)
    assert {path: one.value for path, one in figures(hall, tomorrow, tomorrow).items()} == {"why": "not_begun"}
