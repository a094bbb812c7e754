"""Sign-in by a directory: who it knows, who is known without it, who left it; guesses, silence and false servers."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import list_in_features_package, set_installed_features
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import setting_up
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.features.directory import verbs
from queuedesk.features.directory.rules import Directory
from queuedesk.i18n import LANGUAGES, choose_language, error_sentence
from tests.bounded import PATIENCE_S
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
from tests.hall import ADMIN, DAY, MANAGER, Hall, clerk, refused, simple_setup

WRONG = "Falsch 错 12"


def signs_in(hall: Hall, staff: str, password: str | None) -> str:
    """Return "yes", or the code of the refusal."""
    try:
        who = sign_in_and_pins.require_and_get_proven_actor(hall.desk, staff, pin=password, now=hall.clock())
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
    assert (sign_in_and_pins.needed_secret_kind(hall.desk, "M1"), signs_in(hall, "C2", None)) == ("", "yes")
    ask_by_tls(hall, slapd)
    asked = {code: sign_in_and_pins.needed_secret_kind(hall.desk, code) for code in ("M1", "C1", "C2", "AD")}
    assert asked == {"M1": "password", "C1": "password", "C2": "", "AD": "pin"}
    answers = [signs_in(hall, "M1", word) for word in (PASSWORD, WRONG, "", None)]
    assert answers == ["yes", "wrong_password", "password_needed", "password_needed"]
    assert [signs_in(hall, "M1", word) for word in ("\udcff", "\0", f"\0{PASSWORD}")] == ["wrong_password"] * 3
    assert [signs_in(hall, code, word) for code, word in (("C2", None), ("AD", "1234"))] == ["yes", "yes"]
    assert refusals(hall)[-1] == ("M1", "sign-in", "wrong_password")
    assert sign_in_and_pins.require_and_get_proven_actor(hall.desk, "M1", pin=PASSWORD) == Actor("M1", Role.MANAGER)
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
        found = (
            sign_in_and_pins.needed_secret_kind(desk, staff),
            *(signs_in(hall, staff, pin) for pin in (None, "0000")),
        )
        return found == ("pin", "who_are_you", "wrong_pin")

    hall.do("set-pin", "C1", "4321")
    verbs.set_account(desk, ask, "M1", "chen")
    assert sign_in_and_pins.needed_secret_kind(desk, "M1") == "", "no directory is asked yet"
    ask_by_tls(hall, slapd)
    assert sign_in_and_pins.needed_secret_kind(desk, "M1") == "password"
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
    assert sign_in_and_pins.needed_secret_kind(desk, "M1") == ""
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
    proven: sign_in_and_pins.Proven = set()
    act = partial(sign_in_and_pins.require_and_get_proven_actor, hall.desk, "M1", pin=PASSWORD, proven=proven)
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
