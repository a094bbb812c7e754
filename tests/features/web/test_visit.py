"""The page of a visit: what it shows, its stream, the acts of a customer, and who gets in."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.overview import line_position_and_wait
from queuedesk.core.queue.ticket import TicketState
from queuedesk.desk import looking
from queuedesk.desk.queue import calling, rating
from queuedesk.features.web.rules import visit_token
from queuedesk.features.web.server.visit import (
    LinesNow,
    VisitDocument,
    document_basis,
    document_on_why_not_called_next,
    may_add_reasons,
    questions_after_rating,
    visit_document,
)
from queuedesk.features.web.verbs import visits
from queuedesk.features.web.verbs.visits import tell_window_customer_needs_time
from queuedesk.i18n import using_hall_words
from queuedesk.i18n.queue.line_words import promised_wait_text, wait_text
from queuedesk.stations.talk import talk_item_message, talk_items_to_show
from tests.bounded import Stopwatch, until
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.web.serving import NAME, QUICK, Served, opened_stream, serving, web_hall
from tests.golden.kept import must_be_kept
from tests.hall import GUIDE, Hall, make_hall, refused, simple_hall, simple_setup
from tests.processes import at_home, ran
from tests.three_halls import THREE, Kind

FORM = {"content-type": "application/x-www-form-urlencoded"}
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
    return f"/T/{visit_token(visits.visit_link_secret(hall.desk), ticket.date, ticket.label, ticket.token)}"


def send(served: Served, path: str, form: str, **headers: str) -> httpx.Response:
    return served.post(path, form.encode(), **{"content_type": FORM["content-type"], **headers})


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
    secret = visits.visit_link_secret(hall.desk)
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
    visits.withdraw_all_visit_links(hall.desk, hall.ask())
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
