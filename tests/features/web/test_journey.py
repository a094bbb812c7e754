"""A whole visit from the kiosk to the rating: the code on the slip opens the page, and the log tells all of it."""

import json
import re
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.every_day import walked_in
from tests.features.kiosk.test_journey import Fingers
from tests.features.web.browsing import a_browser, a_phone
from tests.features.web.serving import NAME, begun, ended
from tests.hall import Hall, hall_of_today, simple_setup
from tests.journeys.hands import until
from tests.journeys.screens import Screen
from tests.journeys.stations.talk import windows_for_service
from tests.networks import free_port
from tests.processes import at_home, ran

BEFORE = ("A001", "A002")
LINK = re.compile(r"HTTP://HALL\.TEST:(\d+)/T/[A-Z2-7]{26}")
WORDS = {
    "en": ("Why am I not next?", "came before you", "Back to my place", "It is your turn", "You missed your call."),
    "zh_CN": ("为什么还没轮到我？", "比您先到", "返回我的排队页", "轮到您了", "您已过号"),
}
RATED = {"en": "Your rating is saved", "zh_CN": "评价已提交"}


def hands(path: str, lang: str) -> None:
    """Take a ticket for a service at the kiosk, and tell its number once its slip is printed."""
    screen = Screen("kiosk", path, lang, size=(540, 960), time=None)
    fingers, view, does = Fingers(screen.page), screen.page.view, screen.page.controller
    fingers.touch(view.greeting.services["A"])
    until(lambda: str(does.stage) == "ticket" and view.ticket.done_key.isVisible(), "a ticket")
    print(view.ticket.label, flush=True)
    fingers.touch(view.ticket.done_key)
    until(lambda: str(does.stage) == "greeting", "the greeting")
    screen.leave()


def taken_at_kiosk(hall: Hall, lang: str) -> tuple[str, str]:
    """Return the number that a kiosk gave and what the code on its slip holds."""
    folder = hall.path.parent
    paper = folder / "paper"
    for name in ("queuedesk", "QueueDesk"):
        folder.joinpath("config", name).mkdir(parents=True)
        folder.joinpath("config", name, "config.json").write_text(
            json.dumps({"printer": f"png:{paper}"}), encoding="utf-8"
        )
    home = dict.fromkeys(("XDG_CONFIG_HOME", "APPDATA"), str(folder / "config"))
    done = ran(*windows_for_service(hands, hall.path, lang), **home)
    assert done.returncode == 0, done.stderr
    label = done.stdout.strip()
    with Image.open(paper / f"{label}.png") as slip:
        (code,) = zxingcpp.read_barcodes(slip.convert("L"))
    return label, str(code.text)


def counter(hall: Hall, *words: str) -> None:
    """Do what the clerk of window 1 does, by a command of its own."""
    done = ran("-m", "queuedesk", "--db", hall.path, "--as", "C1", *words, **at_home(hall.path.parent))
    assert done.returncode == 0, done.stderr


@pytest.mark.journey
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_visit_from_the_slip_to_the_rating(tmp_path: Path, lang: str) -> None:
    port = free_port()
    used = {**simple_setup()["hall"], "features": ["web", "kiosk"], "web_address": f"http://{NAME}:{port}"}
    hall = hall_of_today(tmp_path, hall=used)
    hall.open("1", "C1")
    assert tuple(hall.queue("A", "A")) == BEFORE
    began = hall.length()
    label, address = taken_at_kiosk(hall, lang)
    assert label == "A003"
    found = LINK.fullmatch(address)
    assert found is not None and int(found[1]) == port, address
    served = begun(hall, "--name", NAME, port=port)
    try:
        with a_browser() as browser, a_phone(browser, served, address, locale=lang.replace("_", "-")) as page:
            visit(hall, page, lang)
    finally:
        ended(served)
    seen = [(event.kind, event.ticket, event.actor) for event in hall.log(began) if event.ticket in (label, *BEFORE)]
    assert seen == [
        ("issue", "A003", "station:K1"),
        ("call", "A001", "C1"),
        ("finish", "A001", "C1"),
        ("call", "A002", "C1"),
        ("finish", "A002", "C1"),
        ("call", "A003", "C1"),
        ("miss", "A003", "C1"),
        ("reinstate", "A003", "customer"),
        ("call", "A003", "C1"),
        ("start", "A003", "C1"),
        ("finish", "A003", "C1"),
        ("rate", "A003", "customer"),
    ]
    rated = next(event for event in hall.log(began) if event.kind == "rate")
    assert (rated.window, rated.staff, rated.data["level"]) == ("1", "C1", 4)
    hall.must_follow_from_its_log()


def visit(hall: Hall, page: Page, lang: str) -> None:
    """Wait, ask why, be called, miss it, come back, be served and rate, all on the phone."""
    why, before, back, turn, missed = WORDS[lang]
    ahead, window = page.locator('[data-t="ahead"]'), page.locator('[data-b="window-part"]')
    expect(page.locator('[data-t="number"]')).to_have_text("A003")
    expect(ahead).to_have_text("2")
    counter(hall, "call", "1")
    counter(hall, "finish", "1")
    expect(ahead).to_have_text("1")
    page.get_by_role("link", name=why).tap()
    expect(page.locator("ol.why li")).to_contain_text(["A001"])
    expect(page.locator("ol.why")).to_contain_text(before)
    page.get_by_role("link", name=back).tap()
    counter(hall, "call", "1")
    counter(hall, "finish", "1")
    expect(ahead).to_have_text("0")
    expect(window).to_be_hidden()
    counter(hall, "call", "1")
    expect(page.get_by_text(turn, exact=True)).to_be_visible()
    expect(page.locator('[data-t="window"]')).to_contain_text("1")
    counter(hall, "miss", "1")
    expect(page.locator('[data-b="advice"]')).to_contain_text(missed)
    page.locator('button[value="back"]').tap()
    expect(ahead).to_be_visible()
    counter(hall, "call", "1", "--ticket", "A003", "--reason", "frail")
    expect(page.get_by_text(turn, exact=True)).to_be_visible()
    counter(hall, "start", "1")
    expect(page.get_by_text(turn, exact=True)).to_be_hidden()
    counter(hall, "finish", "1")
    page.locator('button[name="level"][value="4"]').tap()
    expect(page.locator('[data-b="thanks"]')).to_contain_text(RATED[lang])
