"""What a visit's page shows: the same figures as everywhere, in the page's language, and nothing of anybody else."""

from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.overview import line_position_and_wait
from queuedesk.core.queue.ticket import TicketState
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, rating
from queuedesk.features.web.server.visit import (
    LinesNow,
    VisitDocument,
    document_basis,
    may_add_reasons,
    questions_after_rating,
    visit_document,
    why_not_next_document,
)
from queuedesk.features.web.verbs.visits import ask_for_more_time
from queuedesk.i18n.queue.line_words import promised_wait_text, wait_text
from queuedesk.stations.talk import talk_item_message, talk_items_to_show
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.golden.kept import must_be_kept
from tests.hall import GUIDE, Hall, make_hall, refused, simple_hall, simple_setup


def hall_with(folder: Path, settings: dict[str, Any] | None = None, **fields: Any) -> Hall:
    folder.mkdir(exist_ok=True)
    document = simple_setup()
    papers = [{"name": "身份证", "name_en": "ID card"}, {"name": "申请表", "name_en": "form"}]
    document["services"][0] |= {"name": "缴费", "name_en": "Payments", "papers": papers, **fields}
    document["services"][1] |= {"name": "业务办理", "name_en": "Account services"}
    document["windows"][0] |= {"zone": "进门左侧", "zone_en": "left of the entrance", "arrow": "left"}
    hall = {**document["hall"], "name_en": "Test hall", "name": "测试服务厅", "features": ["web"]}
    parts = {"hall": hall, "services": document["services"], "windows": document["windows"]}
    return simple_hall(folder, settings=settings, **parts)


def lines(hall: Hall) -> LinesNow:
    now = hall.clock()
    return LinesNow(looking.hall_state_now(hall.desk, now), now)


def shown(hall: Hall, label: str, lang: str = "en") -> VisitDocument:
    seen = lines(hall)
    return visit_document(seen, seen.state.tickets[hall.date, label], lang)


def test_a_page_gives_the_place_and_wait_that_every_screen_gives(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, kind="power")
    services = list(looking.setup_of_hall(hall.desk).services)
    for code, staff in zip(list(looking.setup_of_hall(hall.desk).windows)[:3], ("C1", "C2", "C3"), strict=False):
        hall.open(code, staff)
    for n in range(18):
        klass = "elderly" if n % 5 == 4 else "normal"
        hall.issue(services[n % 3], klass=klass, then=[services[3]] if n % 6 == 5 else [])
        hall.clock.move(minutes=1)
    hall.serve_out(next(iter(looking.setup_of_hall(hall.desk).windows)))
    seen = lines(hall)
    state = seen.state
    waiting = [ticket for ticket in state.tickets.values() if ticket.state is TicketState.WAITING]
    assert len(waiting) > 12
    for ticket in waiting:
        known = line_position_and_wait(state, ticket, seen.now)
        assert seen.position(ticket) == known
        for lang in ("en", "zh_CN"):
            page = visit_document(seen, ticket, lang)
            said = " ".join(page.texts[f"wait-{part}"] for part in ("before", "figure", "after")).strip()
            assert said == wait_text(known.wait, lang, ahead=known.ahead_and_coming)
            assert page.ahead == int(page.texts["ahead"]) == known.ahead_and_coming
            assert [dot.label for dot in page.dots if dot.kind == "own"] == [ticket.label]


def test_the_page_of_a_new_ticket_says_what_its_slip_says(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, handling_target=5)
    hall.open("1", "C1")
    hall.queue("A", "A", "A")
    ticket = hall.ticket("A003")
    page = shown(hall, "A003")
    said = " ".join(page.texts[f"wait-{part}"] for part in ("before", "figure", "after")).strip()
    assert said == promised_wait_text(ticket.promise, "en") == "up to 20 min"
    assert page.ahead == ticket.promise.ahead == 2


def told(hall: Hall, label: str, *, since: datetime | None = None) -> str:
    """Return all that a ticket's page shows in English, and its title in Chinese."""
    seen = lines(hall)
    page = visit_document(seen, seen.state.tickets[hall.date, label], "en", is_away_since=since)
    texts = [f"{name}: {text}" for name, text in page.texts.items()]
    dots = [f"{dot.kind} {dot.label}" for dot in page.dots]
    about = [page.state, page.title, shown(hall, label, "zh_CN").title, page.arrow, *dots, f"ahead {page.ahead}"]
    return "\n".join([" | ".join(about), "shown: " + " ".join(page.shown), f"said: {page.say}", *texts])


@ON_BOTH_ENGINES
def test_a_visit_from_line_to_rating(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, {"web_fetch": "on"})
    hall.open("1", "C1")
    hall.queue("A", "A", "A")
    hall.call("1")
    steps: dict[str, str] = {}

    def tell(step: str, label: str = "A002") -> None:
        steps[step] = told(hall, label)

    tell("It waits, and may let one go first")
    tell("Nobody is behind the last one", "A003")
    calling.postpone_ticket(hall.desk, hall.ask(CUSTOMER), "A002")
    tell("It has let one go first")
    hall.play("finish 1", "call 1", "finish 1", "call 1")
    tell("It is called")
    first = shown(hall, "A002").call
    hall.do("recall", "1")
    assert shown(hall, "A002").call != first != ""
    hall.do("miss", "1")
    tell("It is missed")
    calling.reinstate_missed_ticket(hall.desk, hall.ask(CUSTOMER), "A002")
    hall.play("call 1", "start 1")
    tell("It is served")
    hall.do("park", "1", reason="copying")
    tell("It is put aside")
    hall.play("unpark 1 A002", "finish 1")
    tell("It is over")
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), "A002", 4)
    tell("It is rated")
    hall.issue("A")
    steps["The hall is away"] = told(hall, "A004", since=hall.clock())
    calling.record_customer_left(hall.desk, hall.ask(CUSTOMER), "A004")
    tell("Who gave up reads that the number ended", "A004")
    hall.do("set-row", "services", "A", {"max_returns": 0})
    hall.play("issue A", "call 1", "miss 1")
    tell("Who may not come back is sent for a new ticket", "A005")
    for step, text in steps.items():
        must_be_kept(Path(__file__).with_name("visit.txt"), text, step)


@ON_BOTH_ENGINES
def test_two_more_minutes_are_asked_for_once_a_call(tmp_path: Path) -> None:
    hall = hall_with(tmp_path)
    hall.open("1", "C1")
    hall.queue("A")
    words = {"text": "A001 还需要两分钟", "text_en": "A001 needs two more minutes"}
    with refused(hall, "wrong_state", ticket="A001", state="waiting", window=None, verb="web-later"):
        ask_for_more_time(hall.desk, hall.ask(CUSTOMER), "A001", **words)
    hall.call("1")
    assert "later" in shown(hall, "A001").shown
    ask_for_more_time(hall.desk, hall.ask(CUSTOMER), "A001", **words)
    page = shown(hall, "A001")
    assert "later" not in page.shown
    assert page.texts["asked"] == "Window 1 knows that you need two more minutes."
    message = next(iter(lines(hall).state.messages.values()))
    assert (message.by, message.to, message.text_en) == ("customer", "counter-1", "A001 needs two more minutes")
    # At the counter it is the customer's, and nothing that could be answered.
    (item,) = talk_items_to_show(lines(hall).state, "counter-1", "C1", answers=False)
    told = talk_item_message(looking.setup_of_hall(hall.desk), item)
    assert told.fact.startswith("Customer's phone, ") and [press.verb for press in told.presses] == ["seen"]
    with refused(hall, "web_minutes_asked", ticket="A001"):
        ask_for_more_time(hall.desk, hall.ask(CUSTOMER), "A001", **words)
    # Called again after a miss, it may be asked again.
    hall.clock.move(minutes=1)
    hall.do("miss", "1")
    calling.reinstate_missed_ticket(hall.desk, hall.ask(CUSTOMER), "A001")
    hall.clock.move(minutes=1)
    hall.call("1")
    assert "later" in shown(hall, "A001").shown
    with refused(hall, "not_your_role", verb="web-later", role="guide"):
        ask_for_more_time(hall.desk, hall.ask(GUIDE), "A001", **words)
    hall.must_follow_from_its_log()


def test_why_somebody_is_not_next(tmp_path: Path) -> None:
    hall = hall_with(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A", minutes_apart=1)
    hall.issue("A", klass="elderly")
    hall.issue("B")
    hall.clock.move(minutes=1)
    for _n in range(2):
        hall.serve_out("1", minutes=2)
    hall.open("2", "C2")
    hall.call("2", ticket="B001", reason="frail")
    seen = lines(hall)
    why = why_not_next_document(seen, seen.state.tickets[hall.date, "A002"], "en")
    assert [(row.label, row.window, row.why) for row in why.rows] == [
        ("B001", "Window 2", "chosen by staff"),
        ("A001", "Window 1", "came before you"),
        ("A003", "Window 1", "priority"),
    ]
    assert "A003" in why.sentence and why.others == why.left_out == ""
    assert not any("elderly" in row.why or "frail" in row.why for row in why.rows)
    chinese = why_not_next_document(seen, seen.state.tickets[hall.date, "A002"], "zh_CN")
    assert [row.why for row in chinese.rows] == ["指定叫号", "比您先到", "优先"]


def test_a_document_changes_only_with_what_it_shows(tmp_path: Path) -> None:
    hall = hall_with(tmp_path)
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "B", "B")
    of = {label: document_basis(lines(hall), hall.ticket(label)) for label in ("A001", "B001")}
    hall.issue("C")
    assert document_basis(lines(hall), hall.ticket("A001")) == of["A001"]
    hall.call("1")
    assert document_basis(lines(hall), hall.ticket("A001")) != of["A001"]


def test_what_is_asked_after_a_rating_goes_by_the_rules_of_the_exit(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, {"rating_words": "off"})
    setup = looking.setup_of_hall(hall.desk)
    assert questions_after_rating(setup, 2, "en").reasons
    assert not questions_after_rating(setup, 3, "en")
    more = hall_with(tmp_path / "more", {"rating_questions": "on", "rating_words": "keys"})
    asked = questions_after_rating(looking.setup_of_hall(more.desk), 5, "zh_CN")
    assert (asked.reasons, asked.has_comment, [name for name, _words in asked.questions]) == (
        (),
        True,
        ["attitude", "competence"],
    )
    hall.open("1", "C1")
    hall.queue("A")
    hall.serve_out("1")
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), "A001", 2)
    seen = lines(hall)
    ticket = seen.state.tickets[hall.date, "A001"]
    assert may_add_reasons(seen.state, ticket, hall.clock())
    hall.clock.move(minutes=6)
    assert not may_add_reasons(seen.state, ticket, hall.clock())
