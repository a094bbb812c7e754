"""Sign-in by a directory as people do it: at the front desk, at a counter, in the set-up and on the command line."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.desk.queue.sign_in_and_pins import needed_secret_kind
from queuedesk.features.directory import verbs
from queuedesk.features.directory.pages import StaffDirectoryAccountsPage
from queuedesk.features.directory.rules import encoded_ldap_filter
from queuedesk.i18n import LANGUAGES, choose_language
from queuedesk.stations.counter.signing_in import CounterSignIn, SignInStage
from queuedesk.stations.manager.quality.case_texts import contact_pin_dialog
from queuedesk.stations.manager.quality.cases_controller import CasesController
from queuedesk.stations.manager.setup_frame.draft import DIRECTORY, used_setup_part_names
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.signing_in import PinPad, SignInController, SignInView
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.bounded import PATIENCE_S
from tests.cli.commands import Console
from tests.features.directory.conftest import FILTER, FORM, PASSWORD, PEOPLE, Slapd, ask_by_tls
from tests.hall import ADMIN, MANAGER, Hall, simple_hall
from tests.stations.manager.conftest import Paper, context_over
from tests.stations.seen import texts_of

Key = Qt.Key
WRONG = "Falsch 12"


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
    type_password(view.pad, WRONG)
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
    type_password(stage.pad, WRONG)
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
    for password, sentence in ((PASSWORD, "Yes: chen may sign in."), (WRONG, "No: the directory does not know chen")):
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
    for password, status, answer in ((PASSWORD, 0, "Yes"), (WRONG, 1, "No")):
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
