"""Customers at home: the page of a visit, who gets in and what it does, times that are booked, and one's case."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import text

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.appointment import Appointment, AppointmentState
from queuedesk.core.queue.overview import line_position_and_wait
from queuedesk.core.queue.ticket import TicketState
from queuedesk.desk import looking, setting_up
from queuedesk.desk.queue import calling, rating
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import MOST_OPEN, booking_slots_on, visit_token
from queuedesk.features.web.server.booking import calendar_file
from queuedesk.features.web.server.visit import (
    LinesNow,
    VisitDocument,
    document_basis,
    document_on_why_not_called_next,
    may_add_reasons,
    questions_after_rating,
    visit_document,
)
from queuedesk.features.web.verbs import tell_window_customer_needs_time
from queuedesk.i18n import using_hall_words
from queuedesk.i18n.queue.line_words import promised_wait_text, wait_text
from queuedesk.stations.talk import talk_item_message, talk_items_to_show
from tests.bounded import Stopwatch, until
from tests.credentials import raw, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.web.serving import (
    BOOKING,
    NAME,
    QUICK,
    Served,
    booking_hall,
    opened_stream,
    services_that_take,
    serving,
    web_hall,
)
from tests.golden.kept import must_be_kept
from tests.hall import GUIDE, Hall, make_hall, refused, simple_hall, simple_setup
from tests.processes import at_home, ran
from tests.three_halls import THREE, Kind

FORM = "application/x-www-form-urlencoded"
OTHERS = ("Wang Fang", "138 0013 2201", "much too loud")
RULES = {"web_fetch": "on", "rating_questions": "on"}


def one_window(folder: Path) -> Hall:
    made = web_hall(folder, settings=RULES)
    made.open("1", "C1")
    return made


pytestmark = pytest.mark.hall(make=one_window)


@pytest.fixture
def served(hall: Hall) -> Iterator[Served]:
    with serving(hall, "--name", NAME) as process:
        yield process


def page_of(hall: Hall, label: str) -> str:
    """Return the path of a ticket's page."""
    ticket = hall.ticket(label)
    return f"/T/{visit_token(verbs.visit_link_secret(hall.desk), ticket.date, ticket.label, ticket.token)}"


def send(served: Served, path: str, form: str, **headers: str) -> httpx.Response:
    return served.post(path, form.encode(), **{"content_type": FORM, **headers})


def refusal(answer: httpx.Response) -> str:
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    return found[1] if found else ""


def acts_of_customers(hall: Hall) -> list[tuple[str, str | None]]:
    return [(event.kind, event.ticket) for event in hall.log() if event.actor == CUSTOMER.name]


def until_followed(served: Served, path: str, state: str) -> dict[str, object]:
    """Wait until the page shows a state, and return what its script gets. A link is a guess until the server hears of
    its ticket."""

    def now() -> dict[str, object] | None:
        answer = elsewhere.get(path + "/now")
        found = json.loads(answer.text) if answer.status_code == 200 else {}
        return dict(found) if found.get("state") == state else None

    with served.elsewhere() as elsewhere:
        return until(now, state) or {}


def test_a_customer_acts_by_forms_and_the_log_has_the_same(hall: Hall, served: Served) -> None:
    hall.queue("A", "A", "A")
    path = page_of(hall, "A001")
    until_followed(served, path, "waiting")
    page = served.get(path, accept_language="en")
    assert page.status_code == 200
    assert int(page.headers["content-length"]) < 12_000
    assert 'href="?lang=zh-CN" lang="zh-CN">中文<' in page.text
    assert path.rpartition("/")[2] not in page.headers.get("link", "") + re.findall("<title>(.*)</title>", page.text)[0]
    done = send(served, path + "?lang=en", "do=pass")
    assert (done.status_code, done.headers["location"]) == (303, path + "?lang=en")
    assert "A002" in served.get(path).text
    assert acts_of_customers(hall) == [("postpone", "A001")]
    again = send(served, path + "?lang=en", "do=pass")
    assert (again.status_code, refusal(again)) == (409, "A001 has let others go first as often as it may.")
    assert refusal(send(served, path, "do=pass", accept_language="zh-CN")) == "A001 让号次数已用完，不能再让了。"
    assert send(served, path, "need=deaf").status_code == 303
    assert "Someone will come and get you" in served.get(path + "?lang=en").text
    assert "deaf" not in served.get(path + "/now?lang=en").text.lower()
    assert hall.ticket("A001").fetch_reason == "deaf"
    # Called, with two more minutes; missed, and back; served, rated, with reasons.
    assert hall.call("1") == "A002"
    hall.do("finish", "1")
    assert hall.call("1") == "A001"
    until_followed(served, path, "called")
    assert send(served, path, "do=later").status_code == 303
    assert refusal(send(served, path + "?lang=en", "do=later")).startswith("The window knows already")
    hall.do("miss", "1")
    until_followed(served, path, "missed")
    assert send(served, path, "do=back").status_code == 303
    until_followed(served, path, "waiting")
    assert send(served, page_of(hall, "A003"), "do=leave").status_code == 303
    assert hall.call("1") == "A001"
    hall.do("finish", "1")
    until_followed(served, path, "finished")
    rated = send(served, path, "do=rate&level=2")
    assert (rated.status_code, rated.headers["location"]) == (303, path + "?more=low")
    more = served.get(path + "?more=low&lang=en")
    assert 'name="tag"' in more.text and 'name="competence"' in more.text and "Your rating is saved" in more.text
    own = re.findall(r'name="page" value="([^"]+)"', more.text)[0]
    reasons = f"page={own}&do=reasons&tag=waited_long&tag=unknown&attitude=3&comment=It+was+cold"
    assert send(served, path, reasons).status_code == 303
    given = hall.whole().ratings[hall.date, "A001"]
    assert (given.level, given.tags, given.attitude, given.competence) == (2, ("waited_long",), 3, None)
    assert 'name="tag"' not in served.get(path + "?more=low").text
    with hall.desk.db.read() as tx:
        assert not any("cold" in str(row) for row in tx.execute(text("SELECT * FROM commands")))
    # A second look, and a second touch, say that it is done.
    assert send(served, path, "do=rate&level=5").status_code == 303
    assert "Your rating is saved" in served.get(path + "?lang=en").text
    assert [kind for kind, _ticket in acts_of_customers(hall)] == [
        *("postpone", "need", "message", "reinstate", "leave", "rate", "reasons")
    ]
    assert path.rpartition("/")[2] not in served.said()


def test_who_is_called_and_can_t_come_frees_the_window_which_is_told_why_and_what_is_no_act_changes_nothing(
    hall: Hall, served: Served
) -> None:
    hall.queue("A", "A")
    path = page_of(hall, "A001")
    until_followed(served, path, "waiting")
    for form in ("", "do=void", "do=rate&level=9", "need=money", "do=call", "do=leave&x=%ff%fe"):
        assert send(served, path, form).status_code == 400
    assert send(served, path, '{"do": "leave"}', content_type="application/json").status_code == 415
    assert acts_of_customers(hall) == []
    hall.call("1")
    until_followed(served, path, "called")
    own = re.findall(r'name="page" value="([^"]+)"', served.get(path).text)[0]
    assert [send(served, path, f"page={own}&do=leave").status_code for _n in range(2)] == [303, 303]
    assert acts_of_customers(hall) == [("leave", "A001"), ("message", None)]
    assert hall.last().data["text_en"] == "A001 can't come and has given up the place"
    assert hall.call("1") == "A002"


def test_unknown_old_and_void_links_get_one_answer(hall: Hall, served: Served) -> None:
    hall.queue("A", "A")
    path, own = page_of(hall, "A001"), hall.ticket("A002")
    gone = page_of(hall, "A002")
    until_followed(served, gone, "waiting")
    hall.do("void", "A002", reason="test_print")
    until(lambda: served.get(gone).status_code == 404, "the void ticket's page is closed")
    secret = verbs.visit_link_secret(hall.desk)
    old = visit_token(secret, own.date - timedelta(days=1), own.label, own.token)
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")
    answers = [served.get(place) for place in (wrong, gone, f"/T/{old}", f"{gone}/now", f"{gone}/events", "/T/x")]
    answers.append(send(served, gone, "do=leave"))
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"404\n")}
    # A person reads what to do, and learns as little.
    pages = [served.get(place, accept="text/html,*/*") for place in (wrong, gone, f"/T/{old}", "/T/x", "/nothing")]
    pages.append(send(served, gone, "do=leave", accept="text/html,*/*"))
    assert len({page.content for page in pages}) == 1
    assert {page.status_code for page in pages} == {404}
    # Capitals or not, a scanned link opens the page.
    assert served.get(path.lower().replace("/t/", "/T/")).status_code == 200
    verbs.withdraw_all_visit_links(hall.desk, hall.ask())
    until(lambda: served.get(path).status_code == 404, "links are withdrawn")
    assert served.get(page_of(hall, "A001")).status_code == 200


def test_the_stream_holds_the_whole_visit_and_the_called_one_hears_first(hall: Hall, served: Served) -> None:
    hall.queue("A", "A")
    path = page_of(hall, "A001")
    until_followed(served, page_of(hall, "A002"), "waiting")
    stream = opened_stream(served, path + "/events?lang=en")
    other = opened_stream(served, page_of(hall, "A002") + "/events?lang=zh-CN")
    try:
        first, second = json.loads(stream.data()), json.loads(other.data())
        assert (first["state"], first["ahead"], second["ahead"]) == ("waiting", 0, 1)
        assert second["texts"]["caption"] == "您的号"
        with Stopwatch() as took:
            hall.call("1")
            # A minute that begins may change how long each waits.
            called = until(lambda: (told := json.loads(stream.data()))["state"] == "called" and told, "it is told")
        assert (called["state"], called["texts"]["window"]) == ("called", "Window 1")
        assert set(called) == set(first)
        assert took.s < 2
        until(lambda: json.loads(other.data())["ahead"] == 0, "the next one is told")
        # Nothing is sent to somebody whose page shows nothing new; a sign of life is an event that a script hears.
        hall.issue("C")
        assert stream.next().splitlines()[0] == "event: beat"
    finally:
        stream.close()
        other.close()


def test_nothing_of_another_visit_is_in_any_byte_and_why_comes_with_a_code_that_the_log_confirms(
    hall: Hall, served: Served
) -> None:
    hall.issue("A", person=OTHERS[1])
    hall.queue("A", "A")
    hall.serve_out("1")
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), "A001", 1, comment=f"{OTHERS[0]} was {OTHERS[2]}")
    hall.do("need", "A003", "wheelchair", who=GUIDE)
    path, other = page_of(hall, "A002"), page_of(hall, "A003")
    until_followed(served, path, "waiting")
    until(lambda: f"Check code {hall.length()}-" in served.get(path + "?why=1&lang=en").text, "it has heard of all")
    stream = opened_stream(served, path + "/events")
    texts = [served.get(path + end).text for end in ("", "?why=1", "/now", "?more=low")] + [stream.data()]
    stream.close()
    assert "A001" in texts[1]
    for sent in texts:
        assert not any(secret in sent for secret in OTHERS)
        assert other.rpartition("/")[2] not in sent
        assert hall.ticket("A003").token not in sent
    # The page itself offers its own holder the same words.
    assert not any("wheelchair" in sent.lower() for sent in (texts[2], texts[-1]))
    page = served.get(path + "?why=1&lang=en").text
    assert "A001 → Window 1: came before you" in page
    code = re.findall(r"Check code ([0-9A-Z-]+)\.", page)[0]
    line = ("-m", "queuedesk", "--db", hall.path, "--lang", "en", "doctor", "--against", code)
    told = ran(*line, **at_home(hall.path.parent))
    assert f"It still holds: up to event {code.partition('-')[0]} " in told.stdout


def test_the_end_of_the_day_ends_its_links_and_says_so(hall, tmp_path, monkeypatch):
    ahead = tmp_path / "ahead"
    monkeypatch.setenv("AHEAD", str(ahead))
    hall.queue("A", "A")
    waiting, over = page_of(hall, "A001"), page_of(hall, "A002")
    hall.call("1", ticket="A002", reason="frail")
    hall.do("finish", "1")
    with serving(hall, program=QUICK) as served:
        until_followed(served, over, "finished")
        streams = [opened_stream(served, f"{path}/events") for path in (waiting, over)]
        written = tmp_path / "written"
        written.write_text("24", encoding="utf-8")
        written.replace(ahead)  # Whole at once: its clock is asked meanwhile.
        for stream in streams:
            assert "event: over\ndata: {}" in iter(stream.next, "")
            assert stream.next() == ""
            stream.close()
        answers = [served.get(path + more) for path in (waiting, over) for more in ("", "/now", "/events")]
        answers += [send(served, waiting, "do=leave"), served.get("/T/x")]
        assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"404\n")}
        assert served.end() == 0


def test_an_answer_without_reasons_follows_every_rating_though_what_took_it_was_killed(hall, monkeypatch):
    hall.queue("A", "A")

    def rated(served: Served, label: str, level: int) -> None:
        hall.call("1")
        hall.do("finish", "1")
        path = page_of(hall, label)
        until_followed(served, path, "finished")
        send(served, path, f"do=rate&level={level}")

    def answered() -> list[bool]:
        return [one.reasons for one in hall.whole().ratings.values()]

    monkeypatch.setenv("LAST_ANSWER_S", "3600")
    with serving(hall, program=QUICK) as served:
        rated(served, "A001", 1)
    assert answered() == [False]
    monkeypatch.setenv("LAST_ANSWER_S", "0")
    with serving(hall, program=QUICK) as served:
        until(lambda: answered() == [True], "an answer without reasons")
        rated(served, "A002", 5)
        until(lambda: answered() == [True, True], "answers without reasons")
        assert served.end() == 0
    assert acts_of_customers(hall) == [(kind, label) for label in ("A001", "A002") for kind in ("rate", "reasons")]
    assert all(not one.tags for one in hall.whole().ratings.values())


# -- the document: the same figures as everywhere, in the page's language, and nothing of anybody else -----------------
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
            assert said == wait_text(known.wait, lang, ahead=known.ahead_and_coming_count)
            assert page.ahead == int(page.texts["ahead"]) == known.ahead_and_coming_count
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
    assert " " not in shown(hall, "A003", "zh_CN").texts["note"], "Chinese sentences follow without a blank"


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
    for step, shows in steps.items():
        must_be_kept(Path(__file__).with_name("visit.txt"), shows, step)


@pytest.mark.parametrize("kind", THREE, ids=lambda kind: kind.name)
def test_nobody_is_sent_for_a_ticket_while_none_is_given(kind: Kind, tmp_path: Path) -> None:
    hall = kind.make(tmp_path, time="10:00")
    hall.do("set-row", "services", "A", {"max_returns": 0})
    hall.play("open 1 staff=C1", "queue A A", "call 1", "miss 1", "leave A002")
    before = [document_basis(lines(hall), hall.ticket(label)) for label in ("A001", "A002")]
    with using_hall_words(kind.window, kind.ticket):
        for label in ("A001", "A002"):
            assert f"Please take a new {kind.ticket}" in shown(hall, label).texts["advice"]
        hall.clock.now = kind.at("20:00")
        for label in ("A001", "A002"):
            advice = shown(hall, label).texts["advice"]
            assert f"no {kind.ticket}s are given now" in advice and "new" not in advice
    # It is sent to pages that are open.
    assert before != [document_basis(lines(hall), hall.ticket(label)) for label in ("A001", "A002")]


@ON_BOTH_ENGINES
def test_two_more_minutes_are_asked_for_once_a_call(tmp_path: Path) -> None:
    hall = hall_with(tmp_path)
    hall.open("1", "C1")
    hall.queue("A")
    words = {"text": "A001 还需要两分钟", "text_en": "A001 needs two more minutes"}
    with refused(hall, "wrong_state", ticket="A001", state="waiting", window=None, verb="web-later"):
        tell_window_customer_needs_time(hall.desk, hall.ask(CUSTOMER), "A001", **words)
    hall.call("1")
    assert "later" in shown(hall, "A001").shown
    tell_window_customer_needs_time(hall.desk, hall.ask(CUSTOMER), "A001", **words)
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
        tell_window_customer_needs_time(hall.desk, hall.ask(CUSTOMER), "A001", **words)
    # Called again after a miss, it may be asked again.
    hall.clock.move(minutes=1)
    hall.do("miss", "1")
    calling.reinstate_missed_ticket(hall.desk, hall.ask(CUSTOMER), "A001")
    hall.clock.move(minutes=1)
    hall.call("1")
    assert "later" in shown(hall, "A001").shown
    with refused(hall, "not_your_role", verb="web-later", role="guide"):
        tell_window_customer_needs_time(hall.desk, hall.ask(GUIDE), "A001", **words)
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
    why = document_on_why_not_called_next(seen, seen.state.tickets[hall.date, "A002"], "en")
    assert [(row.label, row.window, row.why) for row in why.rows] == [
        ("B001", "Window 2", "chosen by staff"),
        ("A001", "Window 1", "came before you"),
        ("A003", "Window 1", "priority"),
    ]
    assert "A003" in why.sentence and why.others == why.left_out == ""
    assert not any("elderly" in row.why or "frail" in row.why for row in why.rows)
    chinese = document_on_why_not_called_next(seen, seen.state.tickets[hall.date, "A002"], "zh_CN")
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


HOURS = [{"days": "1-5", "from": "8:00", "to": "10:00"}, {"days": "1-5", "from": "13:15", "to": "14:30"}]
SERVICE = {"code": "A", "name": "挂号", "name_en": "Registration", "prefix": "A", "hours": HOURS, "handling_target": 10}
OTHER = {"code": "B", "name": "B", "prefix": "B", "hours": HOURS, "handling_target": 15}
WINDOWS = [{"code": "1", "services": ["A"]}, {"code": "2", "services": ["A", "B"]}]


def book_hall(folder, *, service=(), **changes) -> Hall:
    services = [{**SERVICE, **dict(service)}, OTHER]
    return simple_hall(folder, time="8:10", hall=BOOKING, services=services, windows=WINDOWS, **changes)


def times(hall: Hall, day: date, booked: list[Appointment] = (), code: str = "A") -> dict[str, bool]:
    setup = looking.setup_of_hall(hall.desk)
    found = booking_slots_on(setup, setup.service_by_code(code), day, booked, hall.clock())
    return {f"{slot.minute // 60}:{slot.minute % 60:02}": slot.is_free for slot in found}


def monday(hall: Hall) -> date:
    return next(hall.date + timedelta(days=n) for n in range(1, 8) if (hall.date + timedelta(days=n)).isoweekday() == 1)


def kept(hall: Hall, day: date, time: str, service: str = "A", n: int = 1, **state) -> list[Appointment]:
    setup = looking.setup_of_hall(hall.desk)
    minute = int(time.partition(":")[0]) * 60 + int(time.partition(":")[2])
    at = next(
        slot.at
        for slot in booking_slots_on(setup, setup.service_by_code("A"), day, [], hall.clock())
        if slot.minute == minute
    )
    return [Appointment(seq=k, date=day, at=at, service=service, **state) for k in range(n)]


def test_times_come_from_hours_windows_and_what_is_booked(tmp_path):
    hall = book_hall(tmp_path)
    day = monday(hall)
    free = dict.fromkeys(("8:00", "8:30", "9:00", "9:30", "13:30", "14:00"), True)
    assert times(hall, day) == free
    assert times(hall, day - timedelta(days=1)) == {}, "closed on Sunday"
    # Two windows give half of an hour in all: three visits of ten minutes, or fewer with a longer one between.
    assert times(hall, day, kept(hall, day, "9:00", n=2)) == free
    assert times(hall, day, kept(hall, day, "9:00", n=3)) == {**free, "9:00": False}
    assert times(hall, day, kept(hall, day, "9:00", "B", n=2))["9:00"] is False, "the windows are shared"
    assert times(hall, day, kept(hall, day, "9:00", n=3, state=AppointmentState.CANCELLED)) == free
    assert times(hall, day, kept(hall, day, "9:00", n=1), "B")["9:00"] is False, "one window for it"
    hall.clock.now += timedelta(days=(day - hall.date).days, minutes=25)
    assert list(times(hall, day)) == ["9:00", "9:30", "13:30", "14:00"], "the others have passed"


def test_quota_last_ticket_and_roster_bound_them(tmp_path):
    hall = book_hall(tmp_path, service={"quota": 2, "last_ticket": "14:00"})
    day = monday(hall)
    assert list(times(hall, day)) == ["8:00", "8:30", "9:00", "9:30", "13:30"]
    assert not any(times(hall, day, kept(hall, day, "8:00", n=2)).values())
    hall.do("set-row", "services", "A", {"quota": None, "last_ticket": None})
    roster = [
        {"window": "1", "staff": "C1", "from": "8:30", "to": "10:00", "breaks": [{"from": "9:00", "minutes": 30}]}
    ]
    (tmp_path / "other").mkdir()
    other = book_hall(tmp_path / "other", roster=roster)
    assert list(times(other, day)) == ["8:30", "9:30"], "nobody is planned at other times"


def booked(hall: Hall, day: date, time: str, contact: str = "") -> dict:
    at = kept(hall, day, time)[0].at
    known_by = verbs.contact_digest(hall.desk, contact)
    return verbs.book_time(hall.desk, hall.ask(CUSTOMER), "A", at, contact=contact, known_by=known_by)


def test_a_time_is_booked_put_into_a_calendar_moved_and_cancelled_by_its_code(tmp_path):
    hall = book_hall(tmp_path)
    day = monday(hall)
    done = booked(hall, day, "9:00", "0137 0000-1190")
    assert hall.last().kind == "book" and hall.last().actor == "customer"
    code = done["code"]
    assert all(code not in str(event.data) and "0137" not in str(event.data) for event in hall.log())
    typed = f" {code[:5].lower()}-{code[5:]} "
    one, setup = verbs.booked_appointment(hall.desk, typed), looking.setup_of_hall(hall.desk)
    assert one.seq == done["appointment"]
    # A calendar takes the file.
    text = calendar_file(setup, one, hall.clock(), done["code"], "en")
    lines = text.replace("\r\n ", "").split("\r\n")
    assert f"DTSTART:{one.at:%Y%m%dT%H%M%SZ}" in lines
    assert "SUMMARY:Registration · Test hall" in lines
    assert any("\\, then the place goes" in line for line in lines)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    moved = verbs.move_booked_time(hall.desk, hall.ask(CUSTOMER), code, kept(hall, day, "9:30")[0].at, reason="moved")
    one = verbs.booked_appointment(hall.desk, code)
    assert (one.seq, one.state) == (moved["appointment"], AppointmentState.BOOKED)
    assert hall.whole().appointments[done["appointment"]].state is AppointmentState.CANCELLED
    verbs.cancel_booked_time(hall.desk, hall.ask(CUSTOMER), code, reason="cancelled")
    with refused(hall, "web_code_unknown"):
        verbs.cancel_booked_time(hall.desk, hall.ask(CUSTOMER), code, reason="cancelled")
    hall.must_follow_from_its_log()


def test_what_does_not_fit_is_refused_and_changes_nothing(tmp_path):
    hall = book_hall(tmp_path)
    day = monday(hall)
    codes = [booked(hall, day, "9:00")["code"] for _n in range(3)]
    with refused(hall, "web_time_taken"):
        booked(hall, day, "9:00")
    other = booked(hall, day, "8:00")["code"]
    with refused(hall, "web_time_taken"):
        verbs.move_booked_time(hall.desk, hall.ask(CUSTOMER), other, kept(hall, day, "9:00")[0].at, reason="moved")
    with refused(hall, "web_no_such_time"):
        at = kept(hall, day, "9:00")[0].at + timedelta(minutes=7)
        verbs.book_time(hall.desk, hall.ask(CUSTOMER), "A", at, contact="", known_by="")
    with refused(hall, "web_no_such_time"):
        at = kept(hall, day, "9:00")[0].at + timedelta(days=28)
        verbs.book_time(hall.desk, hall.ask(CUSTOMER), "A", at, contact="", known_by="")
    for _n in range(MOST_OPEN):
        booked(hall, day, "9:30", "me@home.test")
    with refused(hall, "web_booked_enough", n=MOST_OPEN):
        booked(hall, day, "13:30", "ME@home.test ")
    verbs.cancel_booked_time(hall.desk, hall.ask(CUSTOMER), codes[0], reason="cancelled")
    assert booked(hall, day, "9:00")["code"] not in codes
    setting_up.choose_features(hall.desk, hall.ask(), off=("appointments",))
    with refused(hall, "appointments_off"):
        booked(hall, day, "14:00")


@pytest.fixture
def today(tmp_path) -> Hall:
    return booking_hall(tmp_path)


def test_forms_that_are_none_and_many_guesses_are_refused(today):
    with serving(today, "--name", "hall.test") as served:
        assert served.post("/book", b"do=book", content_type="text/plain").status_code == 415
        assert served.post("/book", b"do=nothing", content_type=FORM).status_code == 400
        late = served.post("/book?lang=en", b"do=book&service=A&at=2020-01-01T10:00:00Z", content_type=FORM)
        assert late.status_code == 409 and "choose one that is offered" in late.text
        guesses = iter(lambda: served.post("/book", b"do=show&code=AAAAABBBBB", content_type=FORM).status_code, None)
        assert {next(guesses) for _n in range(20)} == {409}
        assert next(status for status in guesses if status != 409) == 429
        assert served.get("/progress").status_code == 404, "no state was ever taken over"
        setting_up.choose_features(today.desk, today.ask(), off=("appointments",))
        until(lambda: served.get("/book?service=A").status_code == 404)


def test_a_case_s_state_is_found_by_its_reference(today, tmp_path):
    file = tmp_path / "states.csv"
    file.write_text("reference,state,since,note\nGZ 2026-17,In review,2026-11-20,\nGZ 2026-18,Ready,,Window 3\n")
    verbs.import_case_progress(today.desk, today.ask(), str(file))
    with serving(today, "--name", "hall.test") as served:
        found = served.post("/progress?lang=en", b"reference=gz+2026-17", content_type=FORM)
        assert "In review" in found.text and "2026-11-20" in found.text
        served.post("/progress?lang=en", b"reference=gz+2026-17", content_type=FORM)
        assert [event.data["place"] for event in today.log() if event.kind == "web.enquiry"] == ["phone"], "once a day"
        wrong, right = (
            iter(partial(lambda form: served.post("/progress", form, content_type=FORM).status_code, form), None)
            for form in (b"reference=X1", b"reference=GZ202618")
        )
        assert {next(wrong) for _n in range(20)} == {404}
        until(lambda: next(wrong) == 429 == next(right), "a right one found by guessing is as slow")


@pytest.mark.pg
def test_the_web_s_login_books_and_cancels_and_no_public_screen_reads_codes(shared_url: str):
    with shared(shared_url, "T", hall=BOOKING, services=services_that_take(10)) as made:
        web = made.hall(made.pc(PcKind.WEB))
        at_once = verbs.slots_of_day(web.desk, "A", web.date + timedelta(days=1), web.clock())[0].at
        known_by = verbs.contact_digest(web.desk, "0137 0000 1190")
        ask = web.ask(CUSTOMER)
        code = verbs.book_time(web.desk, ask, "A", at_once, contact="0137 0000 1190", known_by=known_by)["code"]
        verbs.move_booked_time(web.desk, ask, code, at_once + timedelta(minutes=30), reason="moved")
        verbs.cancel_booked_time(web.desk, ask, code, reason="cancelled")
        states = [one.state for one in made.hall().whole().appointments.values()]
        assert states == [AppointmentState.CANCELLED] * 2
        for table in ("web_bookings", "web_progress"):
            with raw(made.pc(PcKind.PUBLIC)) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(f"DELETE FROM {table}")
        with raw(made.pc(PcKind.PUBLIC)) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute("SELECT code FROM web_bookings")
