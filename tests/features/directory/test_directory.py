"""Accounts of a directory: who signs in by them, at windows and by commands, and what a directory answers."""

import json
import os
import pty
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import list_in_features_package, set_installed_features
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import setting_up
from queuedesk.desk.queue import opening
from queuedesk.desk.queue.opening import needed_secret_kind
from queuedesk.features.directory import verbs
from queuedesk.features.directory.pages import StaffDirectoryAccountsPage
from queuedesk.features.directory.rules import Directory, encoded_ldap_filter
from queuedesk.i18n import LANGUAGES, choose_language, error_sentence
from queuedesk.stations.counter.signing_in import CounterSignIn, SignInStage
from queuedesk.stations.manager.quality.case_texts import contact_pin_dialog
from queuedesk.stations.manager.quality.cases_controller import CasesController
from queuedesk.stations.manager.setup_frame.draft import DIRECTORY, SetUpController, used_setup_part_names
from queuedesk.stations.signing_in import PinPad, SignInController, SignInView
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.bounded import PATIENCE_S
from tests.cli.commands import Console
from tests.credentials import denied, shared
from tests.desk.test_change import refusals
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.directory.conftest import (
    FILTER,
    FORM,
    PASSWORD,
    PEOPLE,
    SPECIAL,
    Slapd,
    ask_by_tls,
    make_certificate,
)
from tests.hall import ADMIN, DAY, MANAGER, Hall, clerk, refused, simple_hall, simple_setup
from tests.stations.manager.conftest import Paper, context_over
from tests.stations.seen import texts_of

WRONG = "Falsch 错 12"


def signs_in(hall: Hall, staff: str, password: str | None) -> str:
    """Return "yes", or the code of the refusal."""
    try:
        who = opening.require_and_get_proven_actor(hall.desk, staff, pin=password, now=hall.clock())
    except QueueDeskError as error:
        for lang in LANGUAGES:
            choose_language(lang)
            assert "{" not in error_sentence(error) and error.code not in error_sentence(error)
        choose_language("en")
        return str(error.details.get("refusal") or error.details.get("silence") or error.code)
    assert (who.name, who.unproven) == (staff, False)
    return "yes"


def asked(address: str, account: str = "chen", password: str = PASSWORD, **other: str) -> str:
    found = {"form": FORM, "base": "", "filter": "", "certificate": "", **other}
    return verbs.directory_answer_to_login(
        Directory(date=DAY.date(), address=address, days=7, **found), account, password
    ).kind


def answer(server: Slapd, account: str = "chen", password: str = PASSWORD, **other: str) -> str:
    address = other.pop("address", server.ldaps)
    return asked(address, account, password, **{"certificate": server.certificate, **other})


@ON_BOTH_ENGINES
def test_who_has_an_account_signs_in_with_its_password_and_nobody_else_is_asked(hall, slapd, own_config):
    assert (opening.needed_secret_kind(hall.desk, "M1"), signs_in(hall, "C2", None)) == ("", "yes")
    ask_by_tls(hall, slapd)
    asked = {code: opening.needed_secret_kind(hall.desk, code) for code in ("M1", "C1", "C2", "AD")}
    assert asked == {"M1": "password", "C1": "password", "C2": "", "AD": "pin"}
    answers = [signs_in(hall, "M1", word) for word in (PASSWORD, WRONG, "", None)]
    assert answers == ["yes", "wrong_password", "password_needed", "password_needed"]
    assert [signs_in(hall, "M1", word) for word in ("\udcff", "\0", f"\0{PASSWORD}")] == ["wrong_password"] * 3
    assert [signs_in(hall, code, word) for code, word in (("C2", None), ("AD", "1234"))] == ["yes", "yes"]
    assert refusals(hall)[-1] == ("M1", "sign-in", "wrong_password")
    assert opening.require_and_get_proven_actor(hall.desk, "M1", pin=PASSWORD) == Actor("M1", Role.MANAGER)
    # What was typed stands nowhere, and what is known of it in one file of this PC's.
    kept = own_config.joinpath("directory.json")
    assert PASSWORD not in str([event.data for event in hall.log()])
    assert PASSWORD not in kept.read_text() and "chen" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_nobody_with_an_account_signs_in_with_nothing_where_no_directory_is_asked(hall: Hall, slapd: Slapd) -> None:
    desk, ask = hall.desk, hall.ask(ADMIN)

    def is_locked(staff: str) -> bool:
        found = (opening.needed_secret_kind(desk, staff), *(signs_in(hall, staff, pin) for pin in (None, "0000")))
        return found == ("pin", "who_are_you", "wrong_pin")

    hall.do("set-pin", "C1", "4321")
    verbs.set_account(desk, ask, "M1", "chen")
    assert opening.needed_secret_kind(desk, "M1") == "", "no directory is asked yet"
    ask_by_tls(hall, slapd)
    assert opening.needed_secret_kind(desk, "M1") == "password"
    verbs.remove_directory_setting(desk, ask)
    assert is_locked("M1") and is_locked("G1")
    assert signs_in(hall, "C1", "4321") == "yes", "who has a PIN goes back to it"
    assert signs_in(hall, "C2", None) == "yes", "who never had an account is as before"
    verbs.set_ldap_directory(desk, ask, slapd.ldaps, FORM, certificate=slapd.certificate)
    assert signs_in(hall, "M1", PASSWORD) == "yes"
    verbs.set_account(desk, ask, "M1", "")
    assert is_locked("M1")
    set_installed_features([name for name in list_in_features_package("FEATURES") if name != "directory"])
    try:
        assert is_locked("G1"), "its folder is missing"
    finally:
        set_installed_features(list_in_features_package("FEATURES"))
    setting_up.choose_features(desk, ask, on=[], off=["directory"])
    assert is_locked("G1")
    # An admin gives a PIN, or says that none is needed.
    hall.do("set-pin", "G1", "2468")
    assert signs_in(hall, "G1", "2468") == "yes"
    hall.do("set-pin", "M1", None)
    assert opening.needed_secret_kind(desk, "M1") == ""
    hall.must_follow_from_its_log()


def test_in_a_shared_hall_only_a_managers_pc_sets_it_up_and_every_pc_of_staff_asks(shared_url, slapd):
    with shared(shared_url, hall={**simple_setup()["hall"], "features": ["directory"]}) as place:
        manager, staff = (place.hall(place.pc(kind)) for kind in (PcKind.MANAGER, PcKind.STAFF))
        manager.do("set-pin", "AD", "1234", who=ADMIN)
        ask_by_tls(manager, slapd)
        assert [signs_in(staff, "M1", word) for word in (PASSWORD, WRONG)] == ["yes", "wrong_password"]
        with denied():
            verbs.remove_directory_setting(staff.desk, staff.ask(ADMIN))
        verbs.remove_directory_setting(manager.desk, manager.ask(ADMIN))
        assert [signs_in(staff, "M1", word) for word in (None, "0000")] == ["who_are_you", "wrong_pin"]
        place.hall().must_follow_from_its_log()


def test_who_signed_in_here_is_known_for_some_days_while_the_directory_is_away(hall: Hall, slapd: Slapd) -> None:
    ask_by_tls(hall, slapd, days=3)
    assert signs_in(hall, "M1", PASSWORD) == "yes"
    slapd.stop()
    assert [signs_in(hall, "M1", word) for word in (PASSWORD, WRONG)] == ["yes", "wrong_password"]
    assert signs_in(hall, "C1", PASSWORD) == "away", "not seen here yet"
    until = next(row["until"] for row in verbs.staff_with_accounts(hall.desk, hall.clock()) if row["code"] == "M1")
    assert until.startswith(str(hall.date + timedelta(days=3)))
    hall.clock.move(days=-1)
    assert signs_in(hall, "M1", PASSWORD) == "away", "a clock that was put back makes nobody known for longer"
    hall.clock.move(days=3.9)
    assert signs_in(hall, "M1", PASSWORD) == "yes"
    hall.clock.move(days=0.2)
    assert [signs_in(hall, "M1", PASSWORD) for _ in range(7)] == ["away"] * 7, "that is no guess"
    verbs.set_account(hall.desk, hall.ask(ADMIN), "C2", "")
    hall.clock.move(days=-1)
    assert signs_in(hall, "M1", PASSWORD) == "away", "the log knows that it is later"
    hall.clock.move(days=1)
    slapd.start()
    assert signs_in(hall, "M1", PASSWORD) == "yes"
    assert verbs.forget_passwords(hall.desk, hall.ask(ADMIN), "M1") == {"forgotten": 1}
    slapd.stop()
    assert signs_in(hall, "M1", PASSWORD) == "away"


def test_who_left_the_directory_or_changed_the_password_is_refused_once_it_is_asked_and_from_then_on(hall, slapd):
    ask_by_tls(hall, slapd)
    assert [signs_in(hall, code, PASSWORD) for code in ("M1", "C1")] == ["yes", "yes"]
    proven: opening.Proven = set()
    act = partial(opening.require_and_get_proven_actor, hall.desk, "M1", pin=PASSWORD, proven=proven)
    act(now=hall.clock())
    slapd.change(f"dn: uid=chen,{PEOPLE}\nchangetype: delete\n")
    assert act(now=hall.clock()).name == "M1", "many commands in a row ask once"
    slapd.change(f"dn: uid=wang,{PEOPLE}\nchangetype: modify\nreplace: userPassword\nuserPassword: {PASSWORD}3\n")
    assert signs_in(hall, "C1", WRONG) == "wrong_password"
    slapd.stop()
    assert signs_in(hall, "C1", PASSWORD) == "yes", "somebody's guess takes nothing from who is known"
    slapd.start()
    assert [signs_in(hall, code, PASSWORD) for code in ("M1", "C1")] == ["wrong_password"] * 2
    hall.clock.move(minutes=60)
    hall.issue("A")
    with pytest.raises(RuleError, match="wrong_password"):
        act(now=hall.clock())
    slapd.stop()
    assert [signs_in(hall, code, PASSWORD) for code in ("M1", "C1")] == ["away"] * 2


def test_what_this_pc_knows_ends_with_who_may_sign_in_by_it_and_a_damaged_file_knows_nothing(hall, slapd, own_config):
    ask_by_tls(hall, slapd, base=PEOPLE, filter=FILTER)
    known = own_config / "directory.json"

    def people_known() -> int:
        return len(json.loads(known.read_text())["known"])

    assert [signs_in(hall, code, PASSWORD) for code in ("M1", "C1")] == ["yes"] * 2
    assert people_known() == 2
    # With a new password too: whom the search does not find any more is forgotten.
    slapd.change(f"dn: uid=chen,{PEOPLE}\nchangetype: modify\nreplace: userPassword\nuserPassword: {PASSWORD}3\n")
    slapd.change(f"dn: uid=chen,{PEOPLE}\nchangetype: modify\ndelete: memberOf\n")
    assert (signs_in(hall, "M1", f"{PASSWORD}3"), people_known()) == ("not_found", 1)
    slapd.stop()
    for wrong in ({"salt": "x"}, {"digest": "é"}, {"at": "2026-03-02T09:00:00"}, {"at": 3}):
        good = known.read_text()
        document = json.loads(good)
        for one in document["known"].values():
            one.update(wrong)
        known.write_text(json.dumps(document))
        assert signs_in(hall, "C1", PASSWORD) == "away"
        known.write_text(good)
    assert signs_in(hall, "C1", PASSWORD) == "yes"
    # Nobody's digest stays for longer than any hall would take it.
    slapd.start()
    verbs.set_account(hall.desk, hall.ask(ADMIN), "G1", SPECIAL)
    hall.clock.move(days=31)
    assert (signs_in(hall, "G1", PASSWORD), people_known()) == ("yes", 1)


def test_who_guesses_a_password_has_to_pause_whatever_the_clock_says(hall: Hall, slapd: Slapd) -> None:
    ask_by_tls(hall, slapd, days=0)
    assert {signs_in(hall, "M1", PASSWORD) for _ in range(6)} == {"yes"}
    assert not any(row["until"] for row in verbs.staff_with_accounts(hall.desk, hall.clock())), "for no day means never"
    guesses = iter(lambda: signs_in(hall, "M1", WRONG), None)
    assert {next(guesses) for _ in range(5)} == {"wrong_password"}
    assert next(guess for guess in guesses if guess != "wrong_password") == "password_pause"
    hall.clock.move(days=400)
    assert signs_in(hall, "M1", PASSWORD) == "password_pause"
    with refused(hall, "password_pause"):
        verbs.try_directory(hall.desk, hall.ask(ADMIN), "chen", PASSWORD)
    assert signs_in(hall, "C1", PASSWORD) == "yes"


def test_a_search_decides_who_may_and_no_sign_of_a_name_changes_it(slapd: Slapd) -> None:
    search = {"base": PEOPLE, "filter": FILTER}
    assert [answer(slapd, name) for name in ("chen", "guest", SPECIAL)] == ["right"] * 3
    assert [answer(slapd, name, **search) for name in ("chen", "guest", SPECIAL)] == ["right", "not_found", "right"]
    for name in ("chen)(uid=*", "*", "ch*", "chen,ou=people", "chen\0", r"che\6e", "chen\\", ""):
        assert answer(slapd, name, **search) in ("wrong", "refused"), name
    # Whoever is let in by another name is still only who the search finds by the name that was given.
    fixed = {**search, "form": "uid=chen," + PEOPLE + "{name}"}
    assert answer(slapd, "", **{**fixed, "filter": "(uid={name}*)"}) == "not_found", "more than one"
    assert answer(slapd, "", **{**fixed, "filter": "(!(uid={name}))"}) in ("not_found", "refused")
    assert answer(slapd, "chen", **{**search, "base": "ou=nobody,dc=example,dc=com"}) == "refused"


def test_a_password_goes_to_no_server_that_this_pc_does_not_trust(slapd: Slapd, tmp_path: Path) -> None:
    other = make_certificate(tmp_path, "other")
    assert answer(slapd, certificate=other) == "untrusted"
    assert answer(slapd, certificate="") == "untrusted", "the system trusts nobody's own certificate"
    by_name = slapd.ldaps.replace("127.0.0.1", "localhost")
    assert answer(slapd, address=by_name) == "untrusted", "a certificate for another name"
    # Without TLS only at this PC itself; StartTLS wherever there is a certificate, before anything is said.
    assert answer(slapd, address=slapd.ldap, certificate="") == "right"
    assert answer(slapd, address=slapd.ldap) == "right"
    assert answer(slapd, address=slapd.ldap, certificate=other) == "untrusted"
    with Scripted(b"") as server:
        assert answer(slapd, address=server.address) == "away"
        assert PASSWORD.encode() not in server.came


class Scripted:
    """A server at this PC that says `words` whatever it hears, each when something came, and then stays silent."""

    def __init__(self, *words: bytes, ends: bool = True, port: int = 0) -> None:
        self._words, self._ends, self.came = words, ends, b""
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port = self._listening.getsockname()[1]
        self.address = f"ldap://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve)
        self._left = threading.Event()

    def _serve(self) -> None:
        line, _from = self._listening.accept()
        with line:
            for words in self._words:
                self.came += line.recv(65_536)
                line.sendall(words)
            if not self._ends:
                self._left.wait(PATIENCE_S)

    def __enter__(self) -> "Scripted":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()
        self._thread.join(PATIENCE_S)
        self._listening.close()


def of_bind(result: int, text: bytes = b"") -> bytes:
    body = bytes((10, 1, result, 4, 0, 4, len(text))) + text
    message = bytes((2, 1, 2, 0x61, len(body))) + body
    return bytes((0x30, len(message))) + message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        *(("52e", "wrong_password"), ("525", "wrong_password"), ("533", "gone"), ("701", "gone")),
        *(("532", "old"), ("773", "old"), ("775", "locked")),
    ],
)
def test_an_active_directory_is_asked_by_user_at_domain_and_says_why_not(hall: Hall, data: str, code: str) -> None:
    said = f"80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data {data}, v4563".encode()
    with Scripted(of_bind(49, said)) as server:
        verbs.set_ldap_directory(hall.desk, hall.ask(ADMIN), server.address, "{name}@example.com")
        verbs.set_account(hall.desk, hall.ask(ADMIN), "M1", "chen.li")
        assert signs_in(hall, "M1", PASSWORD) == code
    assert b"chen.li@example.com" in server.came and PASSWORD.encode() in server.came


@pytest.mark.parametrize(
    ("result", "code", "later"),
    [(19, "locked", "yes"), (48, "gone", "away"), (50, "gone", "away"), (53, "gone", "away"), (51, "yes", "yes")],
)
def test_whom_a_directory_refuses_by_a_result_of_its_own_is_not_known_without_it(hall, result, code, later):
    with Scripted(of_bind(0)) as server:
        verbs.set_ldap_directory(hall.desk, hall.ask(ADMIN), server.address, "{name}@example.com")
        verbs.set_account(hall.desk, hall.ask(ADMIN), "M1", "chen.li")
        assert signs_in(hall, "M1", PASSWORD) == "yes"
    with Scripted(of_bind(result), port=server.port):
        assert signs_in(hall, "M1", PASSWORD) == code
    assert signs_in(hall, "M1", PASSWORD) == later


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"HTTP/1.1 400 Bad\r\n\r\n",
        b"\x30\x84\x7f\xff\xff\xff",
        b"\x30\x80",
        of_bind(0)[:-3],
        b"\x30\x02\x02\x09",
        bytes.fromhex("300b 020102 6106 0a00 0400 0400"),  # a result without a number is not "yes"
        bytes.fromhex("308207df 020102 618207d8 0a8207d0") + b"\x7f" * 2000 + bytes.fromhex("0400 0400"),
    ],
)
def test_what_is_no_answer_of_a_directory_is_none(words: bytes) -> None:
    with Scripted(words) as server:
        assert asked(server.address) == "away"


def test_a_server_that_hangs_keeps_nobody_waiting_for_long(hall: Hall) -> None:
    with Scripted(b"\x30", ends=False) as server:
        verbs.set_ldap_directory(hall.desk, hall.ask(ADMIN), server.address, FORM)
        verbs.set_account(hall.desk, hall.ask(ADMIN), "M1", "chen")
        began = time.monotonic()
        with writes_meanwhile(hall) as written:
            assert signs_in(hall, "M1", PASSWORD) == "away"
        assert 1.9 < time.monotonic() - began < PATIENCE_S
        assert written(), "nobody else waits for it"


@contextmanager
def writes_meanwhile(hall: Hall) -> Iterator[Callable[[], bool]]:
    """Give out a ticket on another thread while the block waits; what it gives says whether that was done by then."""
    done = threading.Event()

    def give() -> None:
        hall.issue("A")
        done.set()

    thread = threading.Thread(target=give)
    thread.start()
    yield done.is_set
    thread.join(PATIENCE_S)


@ON_BOTH_ENGINES
def test_settings_that_can_t_be_meant_are_refused_and_change_nothing(hall: Hall, slapd: Slapd) -> None:
    desk, ask = hall.desk, hall.ask(ADMIN)
    before = hall.length()
    key = slapd.folder.joinpath("own.key").read_text()
    deep = "(!" * 30 + "(uid={name})" + ")" * 30
    wrong: dict[str, tuple[str | int, ...]] = {
        "address": (
            *("dc1.example.com", "http://dc1.example.com", "ldaps://dc1.example.com/dc=example"),
            *("ldaps://me:secret@dc1.example.com", "ldaps://dc1.example.com:99999"),
        ),
        "form": ("uid=chen,dc=example", "{name}" * 200),
        "filter": ("(uid=chen)", "(uid={name}", "(uid={name}))", "(&(uid={name})x)", deep),
        "days": (31, -1),
        "certificate": (key, slapd.certificate.replace("M", "A", 3)),
    }
    given = [(code, {"base": PEOPLE, code: value}) for code, values in wrong.items() for value in values]
    for code, own in [*given, ("filter", {"filter": "(uid={name})"})]:
        words = {"address": slapd.ldaps, "form": FORM, **own}
        with pytest.raises(RuleError, match="directory_settings") as error:
            verbs.set_ldap_directory(desk, ask, **words)  # type: ignore[arg-type]
        assert error.value.details["why"] == code and "{" not in error_sentence(error.value).replace("{name}", "")
    with refused(hall, "no_directory"):
        verbs.try_directory(desk, ask, "chen", PASSWORD)
    assert hall.length() == before
    # A key that stands in the same file stays outside the log.
    verbs.set_ldap_directory(desk, ask, slapd.ldaps, FORM, certificate=f"{key}\n{slapd.certificate}")
    assert "PRIVATE" not in str(hall.last().data) and "BEGIN CERTIFICATE" in str(hall.last().data)
    for who in (MANAGER, clerk("C1")):
        with refused(hall, "not_your_role", verb="directory", role=str(who.role)):
            verbs.set_account(desk, hall.ask(who), "C1", "chen")


def test_one_admin_stays_who_needs_no_directory(hall: Hall, slapd: Slapd) -> None:
    ask_by_tls(hall, slapd)
    with refused(hall, "directory_last_admin"):
        verbs.set_account(hall.desk, hall.ask(ADMIN), "AD", "chen")
    # A PIN that nobody knows is none to sign in with, also when the account is gone.
    setting_up.add_setup_row(hall.desk, hall.ask(ADMIN), "staff", {"code": "A2", "name": "Second", "role": "admin"})
    for account in ("wang", ""):
        verbs.set_account(hall.desk, hall.ask(ADMIN), "A2", account)
        with refused(hall, "directory_last_admin"):
            verbs.set_account(hall.desk, hall.ask(ADMIN), "AD", "chen")
    hall.do("set-pin", "A2", "5678")
    verbs.set_account(hall.desk, hall.ask(ADMIN), "AD", "chen")
    hall.do("set-pin", "A2", None)
    with refused(hall, "directory_last_admin"):
        verbs.set_ldap_directory(hall.desk, hall.ask(ADMIN), slapd.ldaps, FORM, certificate=slapd.certificate)


Key = Qt.Key
TYPED_WRONG = "Falsch 12"


@pytest.fixture
def look(qapp: QApplication) -> Look:
    look = Look()
    look.still = True
    apply_look_to_app(qapp, look)
    return look


@pytest.fixture
def station(hall: Hall, slapd: Slapd, look: Look) -> Iterator[Callable[[str], StationContext]]:
    """Return what makes the context of a station of a hall that asks the directory."""
    ask_by_tls(hall, slapd)
    feeds = []

    def made(name: str) -> StationContext:
        feed = HallFeed(hall.desk, hall.clock)
        feed.start()
        feeds.append(feed)
        return StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, name)

    yield made
    for feed in feeds:
        feed.stop()


def shown(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.resize(1366, 768)
    widget.show()
    qtbot.waitExposed(widget)


def type_password(pad: PinPad, password: str) -> None:
    assert not pad.password.isHidden() and pad.password.echoMode() is QLineEdit.EchoMode.Password
    assert all(key.isHidden() for key in pad.digits.values()) and pad.dots.isHidden()
    pad.password.setText(password)
    QTest.keyClick(pad.password, Key.Key_Return)


def test_at_the_front_desk_a_password_is_typed_where_others_have_a_pin(hall, slapd, station, qtbot):
    controller = SignInController(station("manager"), ("manager", "admin"))
    view = SignInView(controller.context, controller, "manager")
    shown(view, qtbot)
    signed_in: list[str] = []
    controller.signed_in.connect(lambda who: signed_in.append(who.name))
    view.tiles["M1"].click()
    assert any("your password" in text for text in texts_of(view))
    assert not view.pad.enter.isEnabled(), "an empty password is no password"
    for lang in LANGUAGES:
        choose_language(lang)
        view.refresh()
    choose_language("en")
    type_password(view.pad, TYPED_WRONG)
    assert (view.trouble_text(), view.pad.password.text()) == (
        "That password does not match; please enter it again.",
        "",
    )
    # Another language makes the page anew, with what stands in it.
    view.pad.password.setText("half")
    again = SignInView(controller.context, controller, "manager")
    shown(again, qtbot)
    again.restore_state(view.state_to_restore())
    assert again.pad.password.text() == "half" and again.pad.enter.isEnabled()
    QTest.keyClick(again.pad.password, Key.Key_Escape)
    assert again.pad.isHidden() and again.pad.pin == ""
    slapd.stop()
    view.tiles["M1"].click()
    type_password(view.pad, PASSWORD)
    assert "did not answer" in view.trouble_text()
    slapd.start()
    type_password(view.pad, PASSWORD)
    assert signed_in == ["M1"] and hall.last().kind == "sign-in"
    # Who has a PIN still has the digits.
    view.tiles["AD"].click()
    assert not view.pad.password.isVisible() and not view.pad.dots.isHidden()
    QTest.keyClicks(view, "1234")
    QTest.keyClick(view, Key.Key_Return)
    assert signed_in == ["M1", "AD"]


def test_at_a_counter_the_window_opens_for_the_right_password(hall, station, qtbot):
    context = station("counter")
    door = CounterSignIn(context)
    stage = SignInStage(context, door)
    shown(stage, qtbot)
    door.begin_sign_in("1")
    stage.names["C1"].click()
    assert (door.step, door.secret) == ("pin", "password")
    QTest.keyClicks(stage.pad.password, "12 ab")
    assert stage.pad.password.text() == "12 ab", "digits are letters like others"
    stage.pad.password.clear()
    type_password(stage.pad, TYPED_WRONG)
    assert stage.trouble_text() == "That password does not match; please enter it again."
    with qtbot.waitSignal(door.signed_in):
        type_password(stage.pad, PASSWORD)
    assert context.who is not None and context.who.name == "C1"


def test_the_set_up_says_which_directory_who_has_an_account_and_what_it_answers(hall, slapd, qapp, qtbot, tmp_path):
    context = context_over(hall, Paper(tmp_path, []), qapp)
    context.who = ADMIN
    page = StaffDirectoryAccountsPage(context.look, SetUpController(context))
    told: list[str] = []
    page.said.connect(lambda text, _icon: told.append(text))
    shown(page, qtbot)
    page.refresh(hall.clock())
    acts = {act.text(): button for act, button in zip(page.spec.acts, page.buttons, strict=True)}

    def answer(**texts: str) -> None:
        dialog = page.dialog
        assert dialog is not None
        for key, text in texts.items():
            dialog.fields[key].set_value(text)
        dialog.yes_button.click()

    acts["Directory …"].click()
    answer(address="dc1", form=FORM)
    assert page.dialog is not None, "what is wrong is said in the question"
    answer(address=slapd.ldaps, certificate=str(slapd.folder / "none.pem"))
    assert page.dialog is not None
    answer(certificate=str(slapd.folder / "own.pem"), base=PEOPLE, filter=FILTER, days="3")
    assert (page.dialog, told) == (None, ["Saved; it takes effect at once"])
    page.table.choose_row(next(row for row in page.controller.found or () if row["code"] == "M1"))
    acts["Account …"].click()
    answer(account="chen")
    assert needed_secret_kind(hall.desk, "M1") == "password"
    # Opened again, the stored certificate stays as it is.
    acts["Directory …"].click()
    assert page.dialog is not None and page.dialog.fields["certificate"].value() == "stored"
    answer(days="5")
    found = verbs.directory_settings(hall.desk)
    assert (found["days"], found["certificate"].strip()) == (5, slapd.certificate.strip())
    for password, sentence in (
        (PASSWORD, "Yes: chen may sign in."),
        (TYPED_WRONG, "No: the directory does not know chen"),
    ):
        acts["Try it …"].click()
        edit = page.dialog.fields["password"].edit
        assert isinstance(edit, QLineEdit) and edit.echoMode() is QLineEdit.EchoMode.Password
        answer(account="chen", password=password)
        assert told[-1].startswith(sentence)
    for lang in LANGUAGES:
        choose_language(lang)
        again = StaffDirectoryAccountsPage(context.look, SetUpController(context))
        shown(again, qtbot)
        again.refresh(hall.clock())
    context.feed.stop()


def test_who_confirms_once_more_is_asked_for_the_password_too(hall, slapd, qapp, qtbot, tmp_path):
    ask_by_tls(hall, slapd)
    context = context_over(hall, Paper(tmp_path, []), qapp)
    host = QWidget()
    shown(host, qtbot)
    asked: list[str] = []
    for who, words in ((MANAGER, "Your password"), (ADMIN, "Your PIN")):
        context.who = who
        controller = CasesController(context)
        controller.pin_needed.connect(lambda _number, secret: asked.append(secret))
        controller.show_contact_after_pin("1")
        dialog = contact_pin_dialog(host, context.look, asked[-1])
        assert words in texts_of(dialog)
    assert asked == ["password", "pin"]
    context.feed.stop()


def test_a_hall_without_it_sees_nothing_of_it(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    setup = verbs.setup_of_hall(hall.desk)
    assert DIRECTORY not in used_setup_part_names(setup.hall)
    assert needed_secret_kind(hall.desk, "M1") == ""


def test_the_commands_set_try_and_forget_and_take_a_password_for_as(bare, slapd, monkeypatch, capsys):
    bare.ask("init", "--preset", "power", "--all-hours")
    assert bare.refused("directory", "show") == "feature_off"
    bare.ask("features", "on", "directory")
    assert bare.say("directory", "show").out == "This hall asks no directory.\n"
    set_it = ("directory", "set", slapd.ldaps, "--form", FORM, "--certificate", slapd.folder / "own.pem")
    assert bare.refused(*set_it) == "directory_last_admin"
    bare.ask("staff", "set", "AD", "pin=1234")
    assert bare.refused(*set_it) == "who_are_you"
    monkeypatch.setenv("QUEUEDESK_PIN", "1234")
    by = ("--as", "AD")
    assert bare.refused(*by, "directory", "try", "chen") == "no_directory"
    assert bare.ask(*by, *set_it, "--days", 2)["days"] == 2
    for words in (("--days", "x"), ("--days", 99), ("--filter", "(x"), ("--certificate", slapd.folder / "none")):
        said = bare.say(*by, *set_it, *words)
        assert said.status in (1, 2) and said.err.count("\n") >= 1 and said.out == ""
    assert bare.ask(*by, "directory", "account", "M1", "chen") == {"code": "M1", "account": "chen"}
    assert "M1" in bare.say(*by, "directory", "show").out
    for password, status, answer in ((PASSWORD, 0, "Yes"), (TYPED_WRONG, 1, "No")):
        monkeypatch.setenv("QUEUEDESK_PASSWORD", password)
        said = bare.say(*by, "directory", "try", "chen")
        assert (said.status, said.out.split(":")[0]) == (status, answer)
    monkeypatch.delenv("QUEUEDESK_PASSWORD")
    assert bare.refused(*by, "directory", "try", "chen") == "password_needed"
    # A manager's password where others give a PIN.
    as_manager = ("--as", "M1", "notice", "push", "Hello")
    assert bare.refused(*as_manager) == "wrong_password"
    monkeypatch.setenv("QUEUEDESK_PIN", PASSWORD)
    bare.ask(*as_manager)
    assert bare.refused("--as", "M1", "directory", "off") == "not_your_role"
    monkeypatch.delenv("QUEUEDESK_PIN")
    assert bare.refused(*as_manager) == "password_needed"
    assert at_a_terminal(bare, PASSWORD, "--as", "M1", "directory", "show") == "Password of M1: "
    monkeypatch.setenv("QUEUEDESK_PIN", "1234")
    assert bare.ask(*by, "directory", "forget", "M1") == {"forgotten": 1}
    assert bare.say(*by, "directory", "forget").out == "Forgot 0 people at this PC.\n"
    assert bare.ask(*by, "directory", "off") == {"address": ""}


def at_a_terminal(console: Console, typed: str, *words: str) -> str:
    """Run a command at a terminal where somebody types a secret; return what it asked."""
    own, other = pty.openpty()
    line = [sys.executable, "-m", "queuedesk", "--db", str(console.db), "--lang", "en", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(line, stdin=other, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as running:
        os.close(other)
        asked = running.stderr.read(len("Password of M1: "))
        os.write(own, f"{typed}\n".encode())
        assert running.wait(PATIENCE_S) == 0
    os.close(own)
    return asked


@pytest.mark.parametrize(
    ("text", "name", "encoded"),
    [
        ("(uid={name})", "a", "a308 0403756964 040161"),
        ("(uid={name})", "*)(x=", "a30c 0403756964 04052a292878 3d"),
        ("(a=x\\2ay)", "", "a308 040161 0403782a79"),
        ("(a=*)", "", "870161"),
        ("(a=x*{name}*z)", "y", "a40e 040161 3009 800178 810179 82017a"),
        ("(!(a>=1))", "", "a208 a506 040161 040131"),
        ("(&(a<=1)(|(b~=2)(c=3)))", "", "a01a a606 040161 040131 a110 a806 040162 040132 a306 040163 040133"),
        ("(m:1.2:={name})", "y", "a90b 8103312e32 82016d 830179"),
        ("(m:dn:=y)", "", "a909 82016d 830179 8401ff"),
    ],
)
def test_a_filter_is_sent_as_it_is_meant(text: str, name: str, encoded: str) -> None:
    assert encoded_ldap_filter(text, name) == bytes.fromhex(encoded)
