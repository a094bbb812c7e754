"""The set-up's page of web pages: switching them on and off, their address, and what phones may do."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
import zxingcpp
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from queuedesk.app.hosting.hosting import own_ip_addresses
from queuedesk.app.station.processes import BackgroundCommand
from queuedesk.app.station.wiring import (
    StationBuildRequest,
    open_hall_and_build_station,
    start_hall_command_in_background,
)
from queuedesk.app.this_pc.config import Config
from queuedesk.app.this_pc.settings import autostart_folder
from queuedesk.desk import looking
from queuedesk.features.web import verbs as served_pages
from queuedesk.features.web.pages import WebPage, listening_address_or_reason
from queuedesk.features.web.rules import WebServing
from queuedesk.i18n import LANGUAGES, moment_short, time_hm
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.frame import Preferences
from queuedesk.stations.window.help import guide_page_sections
from queuedesk.stations.window.style import THEMES, Look
from tests.bounded import PATIENCE_S
from tests.cli.commands import Console
from tests.features.web.serving import devices, web_hall
from tests.hall import ADMIN, MANAGER, Hall
from tests.networks import free_port
from tests.stations.manager.conftest import Office
from tests.stations.seen import lightness, shades
from tests.stations.stubs import lend


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    folder = tmp_path / "大厅 一 & 50%"
    folder.mkdir()
    return web_hall(folder)


@pytest.fixture
def address(hall: Hall) -> str:
    """The hall's web address, on this PC."""
    made = f"http://127.0.0.1:{free_port()}"
    hall.do("set-hall", {"web_address": made})
    return made


@pytest.fixture
def page(admin_office: Office, address: str, hall: Hall, console: Console) -> Iterator[WebPage]:
    """The page of an admin. It starts commands as a station does; those that would touch the services of this PC's
    system are run here without them."""
    begun: list[BackgroundCommand] = []

    def start(words: Sequence[str]) -> Callable[[], str | None]:
        if {"autostart", "status"} & set(words):
            out = console.say("--json", *words).out
            return lambda: out
        answer = start_hall_command_in_background(str(hall.path), looking.setup_of_hall(hall.desk).hall.code, words)
        begun.append(answer.__self__)
        return answer

    lend(admin_office.page.context, start_command=start, own_addresses=lambda _version: ["192.168.1.20"])
    yield page_of(admin_office)
    for command in begun:  # which may have ended, and been heard, already
        command._process.kill()
        command._process.wait()
        with suppress(ValueError):
            command.output_if_ended()


def entries() -> list[Path]:
    """Return what starts web pages with this PC."""
    return list(autostart_folder().glob("queuedesk-web*"))


def serves(hall: Hall, **words: Any) -> WebServing:
    """Let a process have said that it serves the hall's pages."""
    now = hall.clock()
    usual = {"station": "web", "address": "http://h", "since": now, "seen": now, "looking": 0, "fault": "", "faults": 0}
    row = WebServing(**{**usual, **words})
    served_pages.note_web_serving(hall.desk, row)
    return row


def page_of(office: Office) -> WebPage:
    office.page.ways.open_set_up_part("web")
    office.follow()
    return office.page.setup_page.own.get_or_make_page("web")


def test_a_switch_serves_pages_now_and_whenever_the_pc_starts_and_ends_both(admin_office, page, address, qtbot, hall):
    office = admin_office
    qtbot.waitUntil(lambda: page.serving.starts is False)
    assert not page.switch.isChecked()
    office.touch(page.switch)
    assert "Starting" in page.state.text() and not page.switch.isEnabled()
    qtbot.waitUntil(lambda: page.serving.under_way == "" and page.serving.starts is True)
    assert (page.serving.failure, page.switch.isChecked(), page.error.isHidden()) == ("", True, True)
    assert address in page.state.text() and "0 pages are open now." in page.state.text()
    assert httpx.get(f"{address}/", trust_env=False, timeout=PATIENCE_S).status_code == 200
    (entry,) = entries()
    assert address.removeprefix("http://") in entry.read_text(encoding="utf-8")
    office.touch(page.switch)
    qtbot.waitUntil(lambda: page.serving.under_way == "")
    assert (page.switch.isChecked(), entries()) == (False, [])
    assert "Nothing is served now" in page.state.text()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{address}/", trust_env=False)
    assert set(devices(hall).values()) == {"stopped"}


def test_what_prevents_serving_and_ending_is_said_and_nothing_starts_with_the_pc(
    admin_office, page, address, qtbot, hall
):
    office = admin_office
    with socket.create_server(("127.0.0.1", urlsplit(address).port or 0)):
        office.touch(page.switch)
        qtbot.waitUntil(lambda: page.serving.under_way == "")
    assert "Another program on this PC already uses" in page.error.text()
    assert entries() == [] and not page.switch.isChecked()
    # Why they could not be ended is said too.
    row = serves(hall, address=address)
    page.serving.refresh(anew=True)
    office.touch(page.switch)
    assert page.serving.under_way == "stop"
    # Nobody ends: the row is of a process that hangs.
    qtbot.waitUntil(lambda: page.serving.starts is False)
    hall.clock.move(seconds=61)
    served_pages.note_web_serving(hall.desk, replace(row, seen=hall.clock()))
    qtbot.waitUntil(lambda: page.serving.under_way == "")
    assert "does not end" in page.error.text()
    # Where the hall can't be reached, that is the reason.
    hall.desk.db.dispose()
    moved = hall.path.rename(hall.path.with_name("moved.sqlite"))
    page.serving.stop_serving_and_autostart()
    qtbot.waitUntil(lambda: page.serving.under_way == "")
    moved.rename(hall.path)
    assert page.serving.failure and page.error.text() == page.serving.failure


def test_the_managers_own_process_knows_this_pcs_addresses_and_asks_by_commands(hall, address, console, qtbot):
    wish, before = StationBuildRequest(name="manager", db=str(hall.path)), own_ip_addresses(4)
    own = {"config": Config(), "look": Look(), "preferences": Preferences(lambda *_: None)}
    station = open_hall_and_build_station(wish, on_bug=lambda bug: pytest.fail(str(bug)), **own)
    try:
        station.window.open_page_for_person(ADMIN)
        station.window.resize(1366, 768)
        station.window.show()
        station.start()
        qtbot.waitUntil(lambda: isinstance(station.window.current_page, ManagerView))
        station.window.current_page.ways.open_set_up_part("web")
        page = station.window.current_page.setup_page.own.get_or_make_page("web")
        qtbot.waitUntil(lambda: page.serving.starts is False and page.serving.found is not None)
        # Networks of other tests come and go meanwhile.
        stays = [one for one in before if one in own_ip_addresses(4)]
        assert stays and [one for one in page.serving.own_addresses if one in stays] == stays
        assert page.switch.isEnabled() and not page.switch.isChecked() and address in page.address.value()
    finally:
        station.window.stop_and_emit_gone()
        station.stop()
        station.window.close_without_asking()
        station.window.deleteLater()


def test_an_address_of_this_pc_is_suggested_a_wrong_one_is_refused_and_the_code_on_the_screen_opens_it(
    admin_office: Office, hall: Hall
) -> None:
    office = admin_office
    own = ["192.168.1.20", "10.0.0.7"]
    lend(office.page.context, own_addresses=lambda _version: own, start_command=lambda _words: lambda: None)
    page = page_of(office)
    assert page.error.text() == "Save the web address first." and not page.switch.isEnabled()
    assert not page.save_button.isEnabled() and not page.pages_card.isVisible()
    office.write(page.address.edit, "http://192.168.1.20/path")
    office.touch(page.save_button)
    assert "such as http://192.168.1.20:8080" in page.address.error()
    assert looking.setup_of_hall(hall.desk).hall.web_address == ""
    assert [button.text() for button in page.suggested if button.isVisible()] == [
        "http://192.168.1.20:8080",
        "http://10.0.0.7:8080",
    ]
    office.touch(page.suggested[0])
    assert (page.address.error(), page.address.value()) == ("", "http://192.168.1.20:8080")
    office.touch(page.save_button)
    office.follow()
    assert looking.setup_of_hall(hall.desk).hall.web_address == "http://192.168.1.20:8080"
    assert page.switch.isEnabled() and page.error.isHidden() and not page.save_button.isEnabled()
    assert page.pages["/screen"].address.text() == "http://192.168.1.20:8080/screen"
    assert page.code.text == "HTTP://192.168.1.20:8080/"
    office.touch(page.pages["/"].button)
    assert QApplication.clipboard().text() == "http://192.168.1.20:8080/"
    for theme in THEMES.values():
        office.page.context.look.set_theme(theme)
        picture = shades(page_of(office).code.grab().toImage())
        (found,) = zxingcpp.read_barcodes(lightness(picture).astype(np.uint8))
        assert found.text == "HTTP://192.168.1.20:8080/"


PLACES = (
    ("http://192.168.1.20:8080", "192.168.1.20:8080", False),
    ("http://192.168.1.20:8080", "192.168.1.21:8080", True),
    ("http://192.168.1.20:8081", "0.0.0.0:8080", True),
    ("http://192.168.1.20:8080", "0.0.0.0:8080", False),
    ("https://hall.example", "127.0.0.1:8080", False),
)


def test_since_when_pages_are_served_and_an_address_in_the_code_that_nothing_serves_is_told(
    admin_office: Office, hall: Hall
) -> None:
    page, now = page_of(admin_office), hall.clock()
    local = looking.setup_of_hall(hall.desk).to_hall_time(now)
    earlier = local - timedelta(days=2)  # with the date of another day
    for since, text in ((now, f"since {time_hm(local)}."), (earlier, f"since {moment_short(earlier)}.")):
        serves(hall, since=since)
        page.serving.refresh(anew=True)
        assert text in page.state.text()
    now = datetime.now(UTC)
    for saved, listens, is_told in PLACES:
        serves(hall, address=f"http://{listens}", since=now, seen=now, fault="KeyError", faults=2)
        admin_office.meanwhile("set-hall", {"web_address": saved})
        page.serving.refresh(anew=True)
        assert ("another address" in page.error.text()) == page.error.is_refusal == is_told, (saved, listens)
        assert (page.switch.isChecked(), page.faults.text()) == (True, "2 faults so far; the last: KeyError")


def test_what_customers_may_do_by_phone_is_switched_there_but_not_while_the_hall_is_away(admin_office, hall):
    page = page_of(admin_office)
    for since in (hall.clock(), None):
        admin_office.page.show_hall_away(since)
        assert [switch.isEnabled() for switch in page.rules.values()] == [since is None] * 2
    assert {key: switch.isChecked() for key, switch in page.rules.items()} == {"web_postpone": True, "web_fetch": False}
    for key in page.rules:
        admin_office.touch(page.rules[key])
        admin_office.follow()
    setup = looking.setup_of_hall(hall.desk)
    assert (setup.is_rule_on("web_postpone"), setup.is_rule_on("web_fetch")) == (False, True)
    assert [change["part"] for change in admin_office.set_ups()[-2:]] == ["settings", "settings"]


def test_a_manager_sees_what_is_served_and_changes_nothing(open_office, hall: Hall, address: str) -> None:
    page = page_of(open_office(MANAGER))
    serves(hall, address=address)
    page.serving.refresh(anew=True)
    assert address in page.state.text() and page.switch.isChecked()
    for part in (page.switch, *page.rules.values()):
        assert not part.isEnabled()
    assert not page.save_button.isVisible() and not any(one.isVisible() for one in page.suggested)


@pytest.mark.parametrize(
    ("address", "listen", "why"),
    [
        ("http://192.168.1.20:8080", "192.168.1.20:8080", ""),
        ("http://192.168.1.20", "192.168.1.20:80", ""),
        ("http://127.0.0.1:9000/", "127.0.0.1:9000", ""),
        ("http://hall.lan:8080", "0.0.0.0:8080", ""),
        ("http://192.168.1.99:8080", "", "This PC does not have the address 192.168.1.99; it has 192.168.1.20."),
        ("https://hall.example", "", "For https, start it with its certificate: queuedesk web --cert F --key F"),
        ("", "", "Save the web address first."),
    ],
)
def test_where_to_listen_follows_from_the_web_address(address: str, listen: str, why: str) -> None:
    found, said = listening_address_or_reason(address, ["192.168.1.20"])
    assert (found, said.startswith(why), bool(said)) == (listen, True, bool(why))


def test_help_over_the_page_has_a_section_and_a_task_about_it(admin_office: Office) -> None:
    page_of(admin_office)
    for file, language in product(("web", "how"), LANGUAGES):
        (found,) = (one for one in guide_page_sections(file, language) if admin_office.page.help_key() in one.keys)
        steps = [line for line in found.text.splitlines() if line[:1].isdigit()]
        assert 3 <= len(steps) <= 7
