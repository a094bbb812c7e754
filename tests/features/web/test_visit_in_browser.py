"""The page of a visit in a real browser: it follows the hall, says how old it is, and works without scripts too."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, expect

from queuedesk.core.queue.ticket import TicketState
from tests.bounded import until
from tests.features.web.browsing import NARROW, a_phone, a_tab, faults, small_targets, width_of_large_text
from tests.features.web.serving import NAME, Served, begun, ended, serving, standing_still, web_hall
from tests.features.web.test_visit import acts_of_customers, page_of, until_followed
from tests.hall import Hall

LIVE = {"en": "live", "zh-CN": "实时"}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    made = web_hall(tmp_path_factory.mktemp("visit"), settings={"web_fetch": "on"})
    made.open("1", "C1")
    return made


@pytest.fixture(scope="module")
def served(hall: Hall) -> Iterator[Served]:
    with serving(hall, "--name", NAME) as process:
        yield process


@pytest.fixture
def labels(hall: Hall, served: Served) -> Iterator[list[str]]:
    """The numbers of four people who wait, nobody else; the tests look at the third's page."""
    hall.clock.now = datetime.now(UTC)
    labels = hall.queue("A", "A", "A", "A")
    until_followed(served, page_of(hall, labels[-1]), "waiting")
    yield labels
    for ticket in hall.whole().tickets.values():
        if ticket.state in (TicketState.WAITING, TicketState.CALLED):
            hall.do("leave", ticket.label)


@pytest.fixture
def phone(
    browser: Browser, hall: Hall, served: Served, labels: list[str]
) -> Callable[..., AbstractContextManager[Page]]:
    return partial(a_phone, browser, served, page_of(hall, labels[2]))


def must_be_good(page: Page) -> None:
    """Assert what holds of every state of the page."""
    assert faults(page) == []
    assert small_targets(page) == []
    assert width_of_large_text(page) <= NARROW["width"]


WORDS = {
    "en": ("It is your turn", "Window 1", "You missed your call.", "Your rating is saved"),
    "zh-CN": ("轮到您了", "1 号窗口", "您已过号", "评价已提交"),
}


@pytest.mark.parametrize("lang", WORDS)
def test_a_whole_visit(phone, hall: Hall, served: Served, labels: list[str], lang: str) -> None:
    turn, window, missed, rated = WORDS[lang]
    since = len(acts_of_customers(hall))
    scheme = "light" if lang == "en" else "dark"
    with phone(locale=lang, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.lang") == lang
        assert not page.evaluate("isSecureContext")
        ahead = page.locator('[data-t="ahead"]')
        expect(ahead).to_have_text("2")
        expect(page.locator("#age")).to_have_text(LIVE[lang])
        must_be_good(page)
        # Sound begins with a touch, and nothing asks for anything before.
        bell = page.locator("#bell")
        assert page.evaluate("Notification.permission") == "denied"
        bell.tap()
        expect(bell).to_have_attribute("aria-pressed", "true")
        page.locator("#near").select_option("1")
        hall.serve_out("1", minutes=0)
        expect(ahead).to_have_text("1")
        expect(page.locator("#say")).to_contain_text("1")
        hall.serve_out("1", minutes=0)
        expect(ahead).to_have_text("0")
        hall.call("1")
        expect(page.get_by_text(turn, exact=True)).to_be_visible()
        expect(page.locator('[data-t="window"]')).to_have_text(window)
        expect(page).to_have_title(f"{labels[2]} → {window}")
        expect(ahead).to_be_hidden()
        must_be_good(page)
        page.locator('button[value="later"]').tap()
        expect(page.locator('[data-b="asked"]')).to_be_visible()
        hall.do("miss", "1")
        expect(page.locator('[data-b="advice"]')).to_contain_text(missed)
        must_be_good(page)
        page.locator('button[value="back"]').tap()
        expect(ahead).to_be_visible()
        hall.call("1", ticket=labels[2], reason="frail")
        expect(page.locator('[data-t="window"]')).to_have_text(window)
        hall.do("start", "1")
        expect(page.get_by_text(turn, exact=True)).to_be_hidden()
        hall.do("finish", "1")
        four = page.locator('button[name="level"][value="4"]')
        expect(four).to_be_visible()
        must_be_good(page)
        four.tap()
        expect(page.locator('[data-b="thanks"]')).to_contain_text(rated)
        must_be_good(page)
        page.reload()
        expect(page.locator('[data-b="thanks"]')).to_contain_text(rated)
        expect(four).to_be_hidden()
    acts = [kind for kind, _ticket in acts_of_customers(hall)[since:] if kind != "reasons"]
    assert acts == ["message", "reinstate", "rate"]
    assert hall.whole().ratings[hall.date, labels[2]].level == 4


def test_why_and_giving_up_ask_first(phone, hall: Hall, served: Served, labels: list[str]) -> None:
    hall.serve_out("1", minutes=0)
    with phone() as page:
        expect(page.locator('[data-t="ahead"]')).to_have_text("1")
        page.get_by_role("link", name="Why am I not next?").tap()
        expect(page.get_by_text(f"{labels[0]} → Window 1: came before you")).to_be_visible()
        must_be_good(page)
        hall.serve_out("1", minutes=0)
        expect(page.locator('[data-t="ahead"]')).to_have_text("0")
        page.get_by_role("link", name="Back to my place").tap()
        sure = page.get_by_role("button", name="Yes, give up my place")
        expect(sure).to_be_hidden()
        page.get_by_text("Give up my place", exact=True).tap()
        must_be_good(page)
        sure.tap()
        expect(page.get_by_text("No longer in line.")).to_be_visible()
        must_be_good(page)
    assert acts_of_customers(hall)[-1:] == [("leave", labels[2])]


def test_without_scripts_forms_do_it_and_the_page_comes_again(phone, hall, served, labels):
    with phone(java_script_enabled=False) as page:
        expect(page.locator('[data-t="ahead"]')).to_have_text("2")
        expect(page.locator("#bell")).to_be_hidden()
        again = page.locator('noscript meta[http-equiv="refresh"], meta[http-equiv="refresh"]')
        assert again.first.get_attribute("content") == "30"
        page.get_by_role("button", name="Let one go first").tap()
        expect(page.locator('[data-t="ahead"]')).to_have_text("3")
        for _n in range(3):
            hall.serve_out("1", minutes=0)
        hall.call("1")
        hall.do("finish", "1")
        until_followed(served, page_of(hall, labels[2]), "finished")
        page.reload()
        expect(page.locator('button[name="level"]')).to_have_count(5)
        assert page.locator('meta[http-equiv="refresh"]').count() == 0
        page.locator('button[name="level"][value="5"]').tap()
        expect(page.get_by_text("Your rating is saved")).to_be_visible()
    own = [kind for kind, ticket in acts_of_customers(hall) if ticket == labels[2]]
    assert own[:2] == ["postpone", "rate"]


def test_a_page_that_slept_is_right_at_once(browser: Browser, hall: Hall, served: Served, labels: list[str]) -> None:
    with a_tab(browser, served, page_of(hall, labels[2])) as page:
        ahead = page.locator('[data-t="ahead"]')
        expect(ahead).to_have_text("2")
        expect(page.locator("#age")).to_have_text("live")
        page.evaluate("document.addEventListener('freeze', () => { window.isAsleep = true; })")
        in_front = page.context.new_page()
        in_front.goto(page.url)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
        until(lambda: page.evaluate("window.isAsleep"), "the page sleeps")
        hall.serve_out("1", minutes=0)
        expect(in_front.locator('[data-t="ahead"]')).to_have_text("1")
        assert page.evaluate("document.visibilityState") == "hidden"
        assert page.evaluate("document.querySelector('[data-t=ahead]').textContent") == "2"
        cdp.send("Page.setWebLifecycleState", {"state": "active"})
        page.bring_to_front()
        expect(ahead).to_have_text("1", timeout=10_000)


def test_a_page_that_was_out_of_the_network_is_right_at_once(phone, hall, served, labels):
    with phone() as page:
        expect(page.locator("#age")).to_have_text("live")
        with standing_still(served, hall):  # The browser keeps a stream that is open already.
            page.context.set_offline(True)
            expect(page.locator("#age")).to_have_text(re.compile(r"\d+ s old"))
            hall.serve_out("1", minutes=0)
        page.context.set_offline(False)
        expect(page.locator('[data-t="ahead"]')).to_have_text("1")
        expect(page.locator("#age")).to_have_text("live")


def test_a_page_without_its_server_says_how_old_it_is(browser: Browser, hall: Hall, labels: list[str]) -> None:
    path = page_of(hall, labels[2])
    with serving(hall, "--name", NAME) as own, a_phone(browser, own, path) as page:
        age, ahead = page.locator("#age"), page.locator('[data-t="ahead"]')
        expect(age).to_have_text("live")
        # The connection stays open, but nobody is there.
        with standing_still(own, hall):
            page.evaluate("const now = Date.now; Date.now = () => now() + 45000;")
            expect(age).to_have_class("age old")
            expect(age).to_have_text(re.compile(r"\d+ s old"))
            assert page.evaluate("document.querySelector('[data-t=ahead]').textContent") == "2"
        expect(age).to_have_text("live", timeout=30_000)
        # Killed, and begun again on the same port, while the hall works on.
        ended(own)
        expect(age).to_have_text(re.compile(r"\d+ s old"))
        hall.serve_out("1", minutes=0)
        assert ahead.text_content() == "2"
        second = begun(hall, "--name", NAME, port=own.port)
        try:
            expect(ahead).to_have_text("1", timeout=40_000)
            expect(age).to_have_text("live")
        finally:
            ended(second)


def test_a_page_whose_link_is_good_no_more_says_so(phone, hall: Hall, served: Served, labels: list[str]) -> None:
    with phone() as page:
        expect(page.locator("#age")).to_have_text("live")
        page.get_by_role("link", name="Why am I not next?").tap()
        reason = page.get_by_text("Nobody was called before you since you came.")
        expect(reason).to_be_visible()
        hall.do("void", labels[2], reason="test_print")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator('[data-b="advice"]')).to_contain_text("This page is over: a link is good for one day.")
        expect(page.locator('[data-t="ahead"]')).to_be_hidden()
        expect(reason).to_be_hidden()
        must_be_good(page)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Please ask at the front desk."), ("zh-CN", "请到引导台询问。")], ids=["en", "zh-CN"]
)
def test_a_link_that_opens_nothing_says_what_to_do(browser, hall, lang, words):
    path = "/T/ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    with serving(hall, "--name", NAME) as own, a_phone(browser, own, path, locale=lang) as page:
        expect(page.get_by_text(words)).to_be_visible()
        must_be_good(page)
        later = page.get_by_text(re.compile("then try again|再试"))
        while not later.count():
            page.reload()
        expect(later).to_be_visible()
        must_be_good(page)
        page.get_by_role("link", name="Test hall").tap()
        expect(page.get_by_text(re.compile("live|实时"))).to_be_visible()


def test_a_page_that_says_it_is_over_says_nothing_else_afterwards(
    phone, hall: Hall, served: Served, labels: list[str]
) -> None:
    with phone() as page:
        expect(page.locator("#age")).to_have_text("live")
        with standing_still(served, hall):
            page.evaluate("const now = Date.now; Date.now = () => now() + 200000;")
            safe = page.get_by_text("Your place is safe")
            expect(safe).to_be_visible()
            hall.do("void", labels[2], reason="test_print")
        advice = page.locator('[data-b="advice"]')
        expect(advice).to_contain_text("This page is over: a link is good for one day.", timeout=30_000)
        page.evaluate("const then = Date.now; Date.now = () => then() + 200000;")
        for event in ("offline", "online"):
            page.evaluate("name => window.dispatchEvent(new Event(name))", event)
            expect(safe).to_be_hidden()
            expect(page.locator('[data-t="ahead"]')).to_be_hidden()
            expect(advice).to_be_visible()


def test_after_three_minutes_no_figure_stands_without_its_time(
    phone, hall: Hall, served: Served, labels: list[str]
) -> None:
    with phone() as page:
        age = page.locator("#age")
        expect(age).to_have_text("live")
        with standing_still(served, hall):
            page.evaluate("const now = Date.now; Date.now = () => now() + 200000;")
            expect(age).to_have_text("3 min old")
            expect(page.locator('[data-t="ahead-label"]')).to_have_text(re.compile(r"At \d+:\d\d: Still ahead of you"))
            expect(page.get_by_text("It tries again on its own")).to_be_visible()
            expect(page.get_by_role("button", name="Try now")).to_be_visible()
            expect(page.locator('[data-t="caption"]')).to_have_text("Your number")
            expect(page.locator(".wait")).to_be_hidden()
            must_be_good(page)
        expect(page.get_by_text("It tries again on its own")).to_be_hidden(timeout=30_000)
        expect(page.locator('[data-t="ahead-label"]')).to_have_text("Still ahead of you")
