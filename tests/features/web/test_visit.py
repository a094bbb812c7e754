"""The page of a visit as its process serves it: what it shows, its stream, the acts of a customer, and who gets in."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.desk.queue import rating
from queuedesk.features.web.rules import visit_token
from queuedesk.features.web.verbs import visits
from tests.bounded import until
from tests.features.web.serving import NAME, QUICK, Served, opened_stream, serving, web_hall
from tests.hall import GUIDE, Hall
from tests.processes import at_home, ran

FORM = {"content-type": "application/x-www-form-urlencoded"}
OTHERS = ("Wang Fang", "138 0013 2201", "much too loud")
RULES = {"web_fetch": "on", "rating_questions": "on"}


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = web_hall(tmp_path, settings=RULES)
    made.open("1", "C1")
    return made


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
    """Wait until the page shows a state, and return what its script gets."""

    def now() -> dict[str, object] | None:
        answer = served.get(path + "/now")
        found = json.loads(answer.text) if answer.status_code == 200 else {}
        return dict(found) if found.get("state") == state else None

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
    assert (again.status_code, refusal(again)) == (409, "A001 has used all its 1 turns to let one go first.")
    assert refusal(send(served, path, "do=pass", accept_language="zh-CN")) == "A001 已经让过 1 次，不能再让了。"
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


def test_who_is_called_and_can_t_come_frees_the_window_which_is_told_why(hall: Hall, served: Served) -> None:
    hall.queue("A", "A")
    path = page_of(hall, "A001")
    hall.call("1")
    until_followed(served, path, "called")
    own = re.findall(r'name="page" value="([^"]+)"', served.get(path).text)[0]
    assert [send(served, path, f"page={own}&do=leave").status_code for _n in range(2)] == [303, 303]
    assert acts_of_customers(hall) == [("leave", "A001"), ("message", None)]
    assert hall.last().data["text_en"] == "A001 can't come and has given up the place"
    assert hall.call("1") == "A002"


def test_what_is_no_act_of_a_customer_changes_nothing(hall: Hall, served: Served) -> None:
    hall.queue("A")
    path = page_of(hall, "A001")
    until_followed(served, path, "waiting")
    for form in ("", "do=void", "do=rate&level=9", "need=money", "do=call", "do=leave&x=%ff%fe"):
        assert send(served, path, form).status_code == 400
    assert send(served, path, '{"do": "leave"}', content_type="application/json").status_code == 415
    assert acts_of_customers(hall) == []


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
    # Capitals or not, a scanned link opens the page.
    assert served.get(path.lower().replace("/t/", "/T/")).status_code == 200
    visits.renew_links(hall.desk, hall.ask())
    until(lambda: served.get(path).status_code == 404, "links are withdrawn")
    assert served.get(page_of(hall, "A001")).status_code == 200


def test_the_stream_holds_the_whole_visit_and_the_called_one_hears_first(hall: Hall, served: Served) -> None:
    hall.queue("A", "A")
    path = page_of(hall, "A001")
    until_followed(served, path, "waiting")
    stream = opened_stream(served, path + "/events?lang=en")
    other = opened_stream(served, page_of(hall, "A002") + "/events?lang=zh-CN")
    try:
        first, second = json.loads(stream.data()), json.loads(other.data())
        assert (first["state"], first["ahead"], second["ahead"]) == ("waiting", 0, 1)
        assert second["texts"]["caption"] == "您的号"
        began = datetime.now(UTC)
        hall.call("1")
        called = json.loads(stream.data())
        took = datetime.now(UTC) - began
        assert (called["state"], called["texts"]["window"]) == ("called", "Window 1")
        assert set(called) == set(first)
        assert took < timedelta(seconds=2)
        assert json.loads(other.data())["ahead"] == 0
        # Nothing is sent to somebody whose page shows nothing new; a sign of life is an event that a script hears.
        hall.issue("C")
        assert stream.next().splitlines()[0] == "event: beat"
    finally:
        stream.close()
        other.close()


def test_nothing_of_another_visit_is_in_any_byte(hall: Hall, served: Served) -> None:
    hall.issue("A", person=OTHERS[1])
    hall.queue("A", "A")
    hall.serve_out("1")
    rating.rate_visit(hall.desk, hall.ask(CUSTOMER), "A001", 1, comment=f"{OTHERS[0]} was {OTHERS[2]}")
    hall.do("need", "A003", "wheelchair", who=GUIDE)
    path, other = page_of(hall, "A002"), page_of(hall, "A003")
    until_followed(served, path, "waiting")
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


def test_why_comes_with_a_code_that_the_log_confirms(hall: Hall, served: Served) -> None:
    hall.queue("A", "A")
    hall.serve_out("1", minutes=0)
    path = page_of(hall, "A002")
    until_followed(served, path, "waiting")
    page = served.get(path + "?why=1&lang=en").text
    assert "A001 → Window 1: came before you" in page
    code = re.findall(r"Check code ([0-9A-Z-]+)\.", page)[0]
    line = ("-m", "queuedesk", "--db", hall.path, "--lang", "en", "doctor", "--against", code)
    told = ran(*line, **at_home(hall.path.parent))
    assert f"It still holds: up to event {code.partition('-')[0]} " in told.stdout


def test_the_end_of_the_day_ends_its_links_and_says_so(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = tmp_path / "ahead"
    monkeypatch.setenv("AHEAD", str(ahead))
    hall.queue("A", "A")
    waiting, over = page_of(hall, "A001"), page_of(hall, "A002")
    hall.call("1", ticket="A002", reason="frail")
    hall.do("finish", "1")
    with serving(hall, program=QUICK) as served:
        until_followed(served, over, "finished")
        streams = [opened_stream(served, f"{path}/events") for path in (waiting, over)]
        ahead.write_text("24", encoding="utf-8")
        for stream in streams:
            assert "event: over\ndata: {}" in iter(stream.next, "")
            assert stream.next() == ""
            stream.close()
        answers = [served.get(path + more) for path in (waiting, over) for more in ("", "/now", "/events")]
        answers += [send(served, waiting, "do=leave"), served.get("/T/x")]
        assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"404\n")}
        assert served.end() == 0


def test_an_answer_without_reasons_follows_every_rating_though_what_took_it_was_killed(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
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
