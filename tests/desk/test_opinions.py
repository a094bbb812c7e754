"""What customers say and what comes of it: ratings, cases and thanks, their words beside the log."""

import hashlib
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
from queuedesk.core.quality.case import COMMENT_RATING, COMMENT_SPOKEN, OPINION, CustomerVerdict
from queuedesk.core.quality.figures import FigureWithRowNames, figures_with_rows_by_path
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Document
from queuedesk.desk.quality import case_documents, casework, hearing, thanking
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.queue import rating
from queuedesk.reports.figures import period as day_report
from queuedesk.store import schema
from queuedesk.store.log import journal
from queuedesk.store.schema import contacts
from queuedesk.store.upkeep import beside_log
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, make_hall, refused, simple_hall

OWNER, CLERK, OTHER = clerk("C2"), clerk("C1"), clerk("C3")
PHONE = "138 0013 5176"


@pytest.fixture
def do(hall: Hall) -> Callable[..., Document]:
    def done(deed: Callable[..., Document], *args: Any, who: Actor = MANAGER, **words: Any) -> Document:
        hall.clock.move(minutes=1)
        return deed(hall.desk, Ask(who, hall.clock()), *args, **words)

    return done


refusal = partial(pytest.raises, RuleError)


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
    with refusal(match="case_not_next"):
        do(casework.record_case_action, number, "A list", who=OWNER)
    do(casework.record_first_contact, number, note="Sorry", who=OWNER)
    do(casework.record_case_action, number, "A list at the door", who=OWNER)
    with refusal(match="case_result_missing"):
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
    with refusal(match="case_result_missing"):
        do(casework.close_case, number)
    do(casework.record_call_back, number, reached=False)
    assert do(casework.close_case, number)["outcome"] == "not_reached"
    with refusal(match="case_closed"):
        do(casework.record_case_action, number, "More")
    assert do(casework.reopen_case, number, "Came back angry")["state"] == "contacted"
    case = do(casework.open_case, NewCaseData(klass="complaint", asked=True))
    assert (case["next"], case["contact"], case["contact_asked"]) == ("act", None, True)
    do(casework.record_case_action, case["number"], "Mended the door")
    assert do(casework.close_case, case["number"])["outcome"] == "no_contact"


def test_whom_a_case_concerns_neither_owns_nor_acts_nor_sees_it(hall: Hall, do: Callable[..., Document]) -> None:
    label = served(hall)
    with refusal(match="case_concerns"):
        do(casework.open_case, NewCaseData(klass="complaint", ticket=label, owner="C1"))
    number = do(casework.open_case, NewCaseData(klass="complaint", ticket=label, owner="C2"))["number"]
    with refusal(match="case_concerns"):
        do(casework.assign_case, number, "C1")
    for deed, args in ((casework.record_case_action, ("x",)), (casework.close_case, ())):
        with refusal(match="case_concerns"):
            do(deed, number, *args, who=CLERK)
        with refusal(match="not_your_case"):
            do(deed, number, *args, who=OTHER)

    now = hall.clock()
    assert case_documents.cases_open_or_of_month(hall.desk, CLERK, None, now) == []
    owned = case_documents.cases_open_or_of_month(hall.desk, OWNER, None, now)
    assert [one["number"] for one in owned] == [number]
    with refusal(match="not_your_case"):
        look(hall, number, CLERK)
    # The owner is told the ticket, and not what the customer said of whom.
    own, whole = look(hall, number, OWNER), look(hall, number)
    assert own["ticket"] == label and not {"words", "concerns", "source"} & set(own)
    assert whole["concerns"] == ["C1"]
    assert do(casework.assign_case, number, "C3")["owner"] == "C3"

    of_a_manager = do(casework.open_case, NewCaseData(klass="complaint", concerns=("M1",)), who=GUIDE)
    assert of_a_manager["owner"] == "AD"
    for deed, args in ((casework.record_case_action, ("Nothing",)), (casework.assign_case, ("C2",))):
        with refusal(match="case_concerns"):
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
    with refusal(match="not_your_case"):
        do(casework.reveal_customer_contact, number, who=OTHER)
    assert PHONE not in str(hall.log()) and "Wang" not in str(hall.log())

    do(casework.record_first_contact, number)
    do(casework.record_case_action, number, "Done")
    do(casework.record_call_back, number, reached=True, verdict=CustomerVerdict.SATISFIED)
    assert do(casework.close_case, number)["contact_until"] == "2027-02-18"
    hall.clock.move(hours=24 * 91)
    with refusal(match="no_contact"):
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
        with refusal(match="case_there"):
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
        with refusal(match=code):
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
    with refusal(match="not_for_you"):
        do(casework.cite_figure_in_case, number, "issued", first=hall.date, last=hall.date, who=OWNER)
    with refusal(match="unknown_ticket"):
        do(casework.cite_ticket_in_case, number, "A099")
    wrong = (("windows.1.open_minutes", 2026), ("nonsense", 2026), ("issued", 2030), ("why.by:mood", 2026))
    for path, last in ((path, hall.date.replace(year=year)) for path, year in (*wrong, ("why.by:hour", 2030))):
        with refusal(match="bad_value"):
            do(casework.cite_figure_in_case, number, path, first=hall.date, last=last)
    for path, first in (("figures", hall.date.replace(day=2)), ("days", hall.date), ("hours", date(2030, 1, 1))):
        with refusal(match="bad_value"):
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
    with refusal(match="not_for_you"):
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


WORDS = "So patient with my mother"


def read(hall: Hall, who: Actor = MANAGER) -> list[tuple[str, str | None, str | None]]:
    rows = thanking.readable_thanks_between(hall.desk, who, hall.clock())
    return [(row["staff"], row["ticket"], row["words"]) for row in rows]


@ON_BOTH_ENGINES
def test_thanks_go_to_who_served_each_clerk_reads_the_own_ones_and_they_are_seen_once(hall: Hall) -> None:
    """Thanks from a comment name no visit."""
    hall.play("open 1 staff=C1", "queue A", "serve-out 1")
    hall.do("thanks", ticket="A001", words=WORDS, who=GUIDE)
    assert WORDS not in str(hall.last().data)
    assert looking.ticket_with_events(hall.desk, hall.date, "A001")[1][-1].kind == "thanks"
    hall.do("thanks", ticket="A001", source="comment", who=MANAGER)
    hall.do("thanks", "C2", words=WORDS, who=MANAGER)

    with pytest.raises(RuleError, match="own_thanks"):
        hall.do("thanks", "M1", who=MANAGER)

    assert read(hall) == [("C2", None, WORDS), ("C1", None, None), ("C1", "A001", WORDS)]
    assert read(hall, clerk("C2")) == [("C2", None, WORDS)]
    seq = hall.do("thanks", "C1", who=GUIDE)["thanks"]
    with pytest.raises(RuleError, match="not_there"):
        hall.do("thanks-seen", seq, who=clerk("C2"))
    assert hall.whole().thanks[seq].is_unseen

    hall.do("thanks-seen", seq, who=clerk("C1"))
    count = len(hall.log())
    hall.do("thanks-seen", seq, who=clerk("C1"))

    assert (hall.whole().thanks[seq].seen, len(hall.log())) == (hall.clock(), count)


@ON_BOTH_ENGINES
def test_words_stand_beside_the_log_are_read_with_their_ticket_and_marked_as_read_and_unread(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    hall.play("open 3 staff=C3", "queue B B")
    label = hall.serve_out("3")
    hall.do("rate", label, 2, who=CUSTOMER)
    hall.after(1, "reasons", label, tags=["not_solved"], comment="the card machine failed", who=CUSTOMER)
    hall.after(1, "opinion", 5, comment="very kind", who=CUSTOMER)
    hall.after(1, "comment", "the door is heavy", klass="suggestion", ticket=label, who=GUIDE)

    found = hearing.comments_between(hall.desk, hall.date, hall.date)

    assert [(one.source, one.level, one.klass, one.by) for one in found] == [
        (COMMENT_SPOKEN, 2, "suggestion", GUIDE.name),
        (OPINION, 5, "", None),
        (COMMENT_RATING, 2, "", None),
    ]
    assert [one.ticket.label if one.ticket else None for one in found] == [label, None, label]
    assert found[2].tags == ("not_solved",)
    assert [one.text for one in found if one.is_match_for_words("machine CARD")] == ["the card machine failed"]
    assert all("machine failed" not in str(event.data) and "is heavy" not in str(event.data) for event in hall.log())
    # What a spoken comment is about does not stand in the log's columns, which every login reads.
    assert (hall.last().kind, hall.last().ticket) == ("comment", None)
    hall.clock.move(minutes=1)
    id = thanking.record_spoken_comment(hall.desk, hall.ask(clerk("C3")), "no chairs", klass="complaint")["comment"]

    thanking.mark_comment_read(hall.desk, hall.ask(), id)
    one, *_others = hearing.comments_between(hall.desk, hall.date, hall.date)
    assert (one.is_read, one.read and one.read.by) == (True, "console")
    thanking.mark_comment_read(hall.desk, hall.ask(), id, read=False)
    one, *_others = hearing.comments_between(hall.desk, hall.date, hall.date)
    assert not one.is_read
    with pytest.raises(RuleError, match="unknown_comment"):
        thanking.mark_comment_read(hall.desk, hall.ask(), "nobody")
    hall.must_follow_from_its_log()


NUMBER = "4100-2233 4471"


def words_for(hall: Hall, number: str = NUMBER) -> list[str]:
    return [row["words"] for row in thanking.customer_notes_for_reference(hall.desk, hall.ask(clerk("C1")), number)]


@ON_BOTH_ENGINES
def test_a_note_is_found_by_its_number_alone_deleted_after_its_date_and_kept_only_where_the_rule_is_on(tmp_path: Path):
    hall = simple_hall(tmp_path, settings={"reference_notes": "on"})
    until = hall.date + timedelta(days=3)
    kept = thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "Hears badly on the left", until=until)

    assert kept["reference"] == "••• 471"
    assert words_for(hall) == words_for(hall, "410022334471") == ["Hears badly on the left"]
    assert words_for(hall, "410022334472") == []
    assert "Hears" not in str(hall.log())
    with hall.desk.db.read() as tx:
        kept_rows = tx.execute(select(contacts)).all()
        assert NUMBER not in str(kept_rows) and "410022334" not in str(kept_rows) and len(kept_rows) == 1
        assert list(beside_log.faults_beside_log(tx, hall.desk.hall, looking.setup_of_hall(hall.desk))) == []
    thanking.record_customer_declined_note(hall.desk, hall.ask(GUIDE))
    found = thanking.all_notes_about_customers(hall.desk, hall.ask(MANAGER))
    assert (found["asked"], found["valid"], found["share"]) == (2, 1, 0.5)
    assert found["notes"][0]["by"] == "G1"

    hall.clock.move(days=4)
    assert words_for(hall) == [], "its date has come"
    hall.issue("A")  # the first change of a date deletes them
    left = {"notes": [], "asked": 2, "valid": 0, "share": 0.0}
    assert thanking.all_notes_about_customers(hall.desk, hall.ask(MANAGER)) == left

    other = thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "x")["note"]
    thanking.delete_note_about_customer(hall.desk, hall.ask(clerk("C1")), other)
    assert words_for(hall) == [], "it is deleted on request"
    with pytest.raises(RuleError, match="not_there"):
        thanking.delete_note_about_customer(hall.desk, hall.ask(MANAGER), other)
    with pytest.raises(RuleError, match="bad_value"):
        thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "x", until=hall.date + timedelta(days=999))
    with pytest.raises(RuleError, match="bad_value"):
        thanking.add_customer_note(hall.desk, hall.ask(GUIDE), "12", "x")
    setting_up.change_single_row_part(hall.desk, hall.ask(ADMIN), "settings", {"reference_notes": "off"})
    for act in (lambda: thanking.add_customer_note(hall.desk, hall.ask(GUIDE), NUMBER, "x"), lambda: words_for(hall)):
        with pytest.raises(RuleError, match="notes_off"):
            act()


TODAY = date(2026, 11, 20)


def served_hall(folder: Path, **settings: int) -> Hall:
    hall = simple_hall(folder, settings=dict(settings))
    hall.open("3", "C3")
    hall.issue("A", then=["B"])
    hall.play("serve-out 3", "serve-out 3")
    return hall


def test_each_level_is_credited_to_the_last_leg_and_that_nothing_more_comes_is_recorded_late_too(tmp_path):
    hall = simple_hall(tmp_path)
    hall.open("3", "C3")
    for level in range(1, 6):
        label = hall.issue("A", then=["B"])
        hall.play("serve-out 3", "serve-out 3")
        assert hall.do("rate", label, level, comment="  ", who=CUSTOMER)["rating"] == level
        assert "comment" not in hall.last().data
        kept = hall.whole().ratings[hall.date, label]
        assert (kept.level, kept.service, kept.window, kept.staff, kept.reasons) == (level, "B", "3", "C3", False)
        hall.clock.move(minutes=30)
        hall.do("reasons", label)
        kept = hall.whole().ratings[hall.date, label]
        assert (kept.reasons, kept.tags) == (True, ())
    hall.must_follow_from_its_log()


@pytest.mark.parametrize("rating_days", [0, 2])
def test_ratings_are_taken_for_the_hall_s_days(tmp_path: Path, rating_days: int) -> None:
    hall = served_hall(tmp_path, rating_days=rating_days)
    hall.clock.move(days=rating_days + 1)
    with refused(hall, "rating_over", ticket="A001", date=TODAY):
        hall.do("rate", "A001", 4, day=TODAY, who=CUSTOMER)
    hall.clock.move(days=-1)
    assert hall.do("rate", "A001", 4, day=TODAY, who=CUSTOMER)["rating"] == 4
    assert hall.last().data["date"] == "2026-11-20"
    hall.must_follow_from_its_log()


def test_reasons_are_added_within_five_minutes(tmp_path: Path) -> None:
    hall = served_hall(tmp_path)
    hall.do("rate", "A001", 1, attitude=2)
    hall.clock.move(seconds=300.001)
    with refused(hall, "reasons_late", ticket="A001"):
        hall.do("reasons", "A001", tags=["waited_long"])
    hall.clock.move(seconds=-0.001)
    hall.do("reasons", "A001", tags=["waited_long", "attitude"], comment="冷")
    (kept,) = hall.whole().ratings.values()
    assert (kept.tags, kept.attitude, kept.reasons) == (("waited_long", "attitude"), 2, True)
    with refused(hall, "reasons_given", ticket="A001"):
        hall.do("reasons", "A001", tags=["other"])
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_a_comment_stands_outside_the_log_which_can_prove_it(tmp_path: Path) -> None:
    hall = served_hall(tmp_path)
    hall.do("rate", "A001", 2, comment="很慢")
    id, _, digest = hall.last().data["comment"].partition(":")
    with hall.desk.db.read() as tx:
        row = tx.execute(select(schema.comments)).one()
        assert journal.stored_comments_by_id(tx, 1, [id]) == {id: "很慢"}
    assert digest == hashlib.sha256((row.salt + "很慢").encode()).hexdigest()
    assert "很慢" not in str([event.printed_fields() for event in hall.log()])
    with hall.desk.db.write(1) as tx:
        tx.execute(schema.comments.delete())
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_an_opinion_is_kept_counts_apart_and_its_reasons_come_once_and_soon(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, time="10:00")
    hall.play("open 3 staff=C3", "queue B B")
    label = hall.serve_out("3")
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), label, 4)
    rating.add_rating_reasons(hall.desk, hall.ask(CUSTOMER), label, attitude=5, competence=3)
    (kept,) = hall.whole().ratings.values()
    assert (kept.level, kept.attitude, kept.competence) == (4, 5, 3)
    before = day_report.read_day_report(hall.desk, hall.date, hall.clock()).figures["ratings"]

    said = rating.record_opinion_without_ticket(hall.desk, hall.ask(CUSTOMER), 1)
    rating.add_reasons_to_opinion(hall.desk, hall.ask(CUSTOMER), said["opinion"], tags=["waited_long"])

    figures = day_report.read_day_report(hall.desk, hall.date, hall.clock()).figures
    assert figures["ratings"] == before
    assert {"what": "no_number", "n": 1, "why": "belongs_to_no_ticket"} in figures["left_out"]
    kept = looking.hall_state_now(hall.desk, hall.clock()).opinions[said["opinion"]]
    assert (kept.level, kept.tags, kept.explained) == (1, ("waited_long",), True)
    hall.must_follow_from_its_log()
    said = rating.record_opinion_without_ticket(hall.desk, hall.ask(CUSTOMER), 2)["opinion"]
    explained = rating.record_opinion_without_ticket(hall.desk, hall.ask(CUSTOMER), 2, comment="too cold")["opinion"]
    comment = looking.hall_state_now(hall.desk, hall.clock()).opinions[explained].comment
    assert comment is not None and "too cold" not in comment
    told = ((said + 7, 0, "not_rated"), (explained, 0, "reasons_given"), (said, 6, "reasons_late"))
    for opinion, minutes, code in told:
        hall.clock.move(minutes=minutes)
        with pytest.raises(RuleError, match=code):
            rating.add_reasons_to_opinion(hall.desk, hall.ask(CUSTOMER), opinion, tags=["waited_long"])
