"""What those who run many PCs and servers give a hall: files for set-ups, servers and their roles, and words for each
that lacks something.
"""

import io
import json
import re
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from msgspec import to_builtins
from msgspec.structs import replace
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from sqlalchemy.exc import DBAPIError

from queuedesk import paths
from queuedesk.app.clock import real_clock
from queuedesk.app.hosting import autostart
from queuedesk.app.hosting.gate import CertificateWithKey, load_or_make_certificate
from queuedesk.app.hosting.server import ExternalHallServer, SharingProcessNote
from queuedesk.app.main import command_services
from queuedesk.app.services.sharing import SharingTools
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import PcKind, SharingStatus
from queuedesk.desk import network, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import issuing
from queuedesk.features.open_figures import papers
from queuedesk.features.open_figures import verbs as reading
from queuedesk.features.rollout import verbs
from queuedesk.features.rollout.pages import (
    GoodAndBadLinesDialog,
    SetUpFromPcFilePage,
    ask_hall_server_address,
    pc_file_page_maker,
    show_server_check,
)
from queuedesk.features.rollout.rules import BadLine, FileFault, HostState, ServerCheck
from queuedesk.features.rollout.verbs import RoleRight
from queuedesk.features.rollout.words import BAD_LINES, missing_rights_lines, server_check_lines
from queuedesk.i18n import LANGUAGES, error_sentence
from queuedesk.stations.home.controller import HomeController, ThisPcController
from queuedesk.stations.home.this_pc_page import ThisPcPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.manager.network.sharing_page import SharingController, SharingPage
from queuedesk.stations.manager.parts.records import RecordDialog
from queuedesk.stations.window.context import InlineTasks, StationServices
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.address import parse_server_address
from queuedesk.store.rights import grants
from tests.bounded import PATIENCE_S, until
from tests.cli.commands import ALONE, PRINTERS, Answer
from tests.credentials import Shared, raw, shared
from tests.hall import MANAGER, Hall, make_hall, noon_zone, simple_setup
from tests.main_pc import Host, open_host, own_pc
from tests.postgres import WITH_RIGHTS, drop_database, make_role, new_database, server_url
from tests.standby import two_servers
from tests.stations.home.conftest import InWindow, OwnPc, click, in_frame  # noqa: F401
from tests.stations.manager.network.test_sharing_page import Lent, lent, open_sharing  # noqa: F401
from tests.stations.shapes import ROOMY
from tests.stations.whole_words import Sights

Run = Callable[..., Answer]

COUNTER = """
language = "en"
printer = "escpos:net:192.168.1.50"
station = "counter"
window = "3"
open_at_login = true

[[screens]]
screen = "2"
station = "rating"
"""


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_pc(tmp_path / "pc", monkeypatch)


@pytest.fixture
def run(pc: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command line of this PC in English, with a text on standard input."""

    def run_(*words: object, typed: str | bytes = "") -> Answer:
        said = typed if isinstance(typed, bytes) else typed.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said), encoding="utf-8"))
        line = ["--lang", "en", *map(str, words)]
        status = run_command_line(line, openers={}, clock=real_clock(), services=command_services())
        captured = capsys.readouterr()
        return Answer(status, captured.out, captured.err)

    return run_


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hall.toml"


def stored() -> dict[str, Any]:
    """Return what this PC has chosen, and what opens at log-in."""
    document: dict[str, Any] = to_builtins(config.load_config())
    return {**document, "opens": settings.autostart_names()}


def test_every_fault_of_a_file_is_told_at_once_with_its_line_and_nothing_changes(run: Run, file: Path) -> None:
    before = stored()
    file.write_text(
        'address = "main pc"\nlanguage = "de"\nprinter = "escpos:net"\nstation = "teller"\nwindow = "3"\n'
        'code = "K7MX3PWR"\ncolour = "red"\nname = "a/b"\nopen_at_login = "yes"\n'
        '[[screens]]\nscreen = "1"\nstation = "plate"\nsize = 900\n[[screens]]\nscreen = "2"\nzones = "east"\n',
        encoding="utf-8",
    )
    told = run("install", "--from", file)
    assert (told.status, told.out, stored()) == (1, "", before)
    assert told.err.startswith(
        f"10 things in {file} can't be used; nothing was changed. Line 1, address: main pc is no"
    )
    faults = "1, address; 2, language; 3, printer; 4, station; 6, code; 7, colour; 8, name; 9, open_at_login;"
    assert re.findall(r"Line (\d+, [^:]+)", told.err) == f"{faults} 13, screens 1 size; 16, screens 2 zones".split("; ")
    assert run("--json", "install", "--from", file).refusal == "pc_file_faults"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'station = "counter"\nwindow 3\n', "Line 2: this is no line of TOML"),
        (b'station = "counter', "Line 1: this is no line of TOML"),
        (b"a = " + b"[" * 5000, "this is no line of TOML"),
        (b"\xff\xfe\x00", "hall.toml is not"),
        (b'window = "3"\n', "a window goes with the station"),
        (b"open_at_login = true\n", "there is nothing to open"),
        (b'screens = "two"\n', "a screen begins with [[screens]]"),
        (b'[[screens]]\nscreen = "1"\n[[screens]]\nscreen = "1"\n', "screen 1 is there already"),
        (b'printer = "Epson"\n', "Epson names no printer"),
        (b'name = ""\n', "a text between quotation marks"),
        (b'station = "counter"\na' + b".a" * 400_000 + b" = 1\n", "Line 2: this is no line of TOML"),
        (b'[[screens]]\nscreen = "1"\ndistance_m = 0x' + b"f" * 900, "distance"),
        (b'[[screens]]\nscreen = "\\u007f"\n', "a screen begins with [[screens]]"),
        (b'station = "counter"\nopen_at_login = true\nwindow = "/../../x"\n', "Line 3, window: "),
        (b'station = "counter"\nopen_at_login = true\nwindow = "1 & calc"\n', "Line 3, window: "),
    ],
)
def test_a_file_that_is_none_or_says_nonsense_is_refused(run: Run, file: Path, content: bytes, told: str) -> None:
    before = stored()
    file.write_bytes(content)
    refused = run("install", "--from", file)
    assert (refused.status, stored()) == (1, before)
    assert told in refused.err


def test_a_file_that_is_not_there_or_another_hall_by_name_is_refused(run: Run, file: Path) -> None:
    assert "There is no file" in run("install", "--from", file).err
    for path in ("/dev/zero", file.parent):
        assert run("install", "--from", path).status == 1
    file.write_text('language = "en"\n', encoding="utf-8")
    assert run("--db", file.with_name("x.sqlite"), "install", "--from", file).status == 2


@pytest.mark.usefixtures("hall_alone")
def test_a_pc_is_set_up_once_and_doctor_names_what_became_otherwise(run: Run, file: Path, pc: Path) -> None:
    file.write_text(f"\ufeff# ours\n{COUNTER}", encoding="utf-8")
    before = stored()
    checked = run("--json", "install", "--from", file, "--check").document
    assert (checked["done"], stored()) == (False, before)
    assert {one["now"] for one in checked["changes"]} == {None}
    assert [f"{one['key']} = {one['wanted']}" for one in checked["changes"]] == [
        *("language = en", "printer = escpos:net:192.168.1.50", "station = counter", "window = 3"),
        *("screens 2 = rating 3", "open_at_login = counter-3, screens"),
    ]
    assert "set-up file" not in [one["name"] for one in run("--json", "doctor").document["checks"]]
    done = run("install", "--from", file)
    assert done.status == 0
    assert done.out.splitlines()[1] == "Language: en"
    after = stored()
    chosen = [after[name] for name in ("language", "printer", "station", "window")]
    assert chosen == ["en", "escpos:net:192.168.1.50", "counter", "3"]
    assert (after["opens"], after["open_at_start"]) == (["counter-3", "screens"], True)
    assert [(one["screen"], one["station"], one["window"]) for one in after["screens"]] == [("2", "rating", "3")]
    entries = {path: path.stat().st_mtime_ns for path in pc.parent.rglob("*") if path.is_file()}
    assert run("install", "--from", file).out == "Nothing changes: this PC is as the file says.\n"
    assert {path: path.stat().st_mtime_ns for path in pc.parent.rglob("*") if path.is_file()} == entries
    assert _doctor(run) == ("ok", "This PC is as its set-up file says.")
    run("printer", "choose", "none:")
    run("screen", "remove", "2")
    status, message = _doctor(run)
    assert status == "warning"
    assert "Printer: escpos:net:192.168.1.50 in place of none:" in message
    assert "Screen 2: Rating screen 3" in message
    (pc / verbs.STORED).write_text("station = 3", encoding="utf-8")
    assert _doctor(run)[0] == "warning"


def _doctor(run: Run) -> tuple[str, str]:
    (check,) = (one for one in run("--json", "doctor").document["checks"] if one["name"] == "set-up file")
    return check["status"], check["message"]


def test_one_file_serves_several_counters_and_the_next_one_takes_the_place_of_the_last(run: Run, file: Path) -> None:
    file.write_text('station = "counter"\nopen_at_login = true\n', encoding="utf-8")
    run("install", "--from", file, "--window", "5")
    assert (stored()["window"], stored()["opens"]) == ("5", ["counter-5"])
    run("install", "--from", file, "--window", "6")
    assert (stored()["window"], stored()["opens"]) == ("6", ["counter-6"])
    file.write_text("open_at_login = false\nscreens = []\n", encoding="utf-8")
    run("install", "--from", file)
    assert stored()["opens"] == []


def test_a_window_that_the_hall_has_not_changes_nothing(run: Run, file: Path, pc: Path) -> None:
    pc.mkdir(parents=True)  # its settings and its hall lie in one folder here
    hall = make_hall(pc)
    hall.desk.db.dispose()
    assert hall.path == paths.default_hall_file()
    file.write_text('station = "counter"\nwindow = "99"\n', encoding="utf-8")
    before = stored()
    told = run("install", "--from", file)
    assert (told.status, stored()) == (1, before)
    assert told.err.startswith("The hall has no window 99; it has 1, 2")
    assert run("install", "--from", file, "--check").status == 1


def test_what_is_written_is_read_back(file: Path) -> None:
    text = f'address = "192.168.1.5"\nname = "窗口 3"\n{COUNTER}'
    file.write_text(text, encoding="utf-8")
    read = verbs.read_pc_file(file, PRINTERS)
    assert read.address == "192.168.1.5:7432"
    verbs.write_pc_file(file, read)
    assert verbs.read_pc_file(file, PRINTERS) == read


def test_every_fault_has_its_words_in_both_languages() -> None:
    details: dict[str, Any] = {"known": ["a"], "name": "a", "screen": "1"}
    faults = [FileFault(line=n, key="k", error=BadLine(why, **details)) for n, why in enumerate(BAD_LINES)]
    for language in LANGUAGES:
        told = error_sentence(RuleError("pc_file_faults", path="f", faults=faults), language)
        assert len(told.splitlines()) == len(faults) + 1
        for code in ("pc_file_window_unknown", "pc_file_not_here"):
            assert error_sentence(RuleError(code, window="9", known=["1"], station="counter"), language)


# -- joining -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> CertificateWithKey:
    return load_or_make_certificate(tmp_path_factory.mktemp("host"), real_clock())


@pytest.fixture
def host(shared_url: str, own: CertificateWithKey) -> Iterator[Host]:
    with open_host(shared_url, own) as opened:
        yield opened


def test_a_pc_joins_by_the_code_on_standard_input_and_the_code_is_kept_nowhere(host, run, file, pc):
    file.write_text(f'address = "{host.address}"\nname = "Window 3"\n{COUNTER}', encoding="utf-8")
    before = stored()
    assert run("--json", "install", "--from", file).refusal == "code_needed"
    assert run("--json", "install", "--from", file, typed="nonsense!\n").refusal == "not_a_code"
    assert run("--json", "install", "--from", file, typed=b"\xff\n").refusal == "not_a_code"
    assert run("install", "--from", file, "--check").status == 0
    assert (stored(), host.pcs()) == (before, [])
    code = host.code(PcKind.STAFF).code
    done = run("install", "--from", file, typed=f"{code}\n")
    assert (done.status, done.err) == (0, "")
    assert [one.name for one in host.pcs()] == ["Window 3"]
    assert (stored()["hall"], stored()["station"]) == ("T", "counter")
    assert all(code not in path.read_text(errors="replace") for path in pc.parent.rglob("*") if path.is_file())
    # A second run needs no code, and asks for none.
    assert run("install", "--from", file).out == "Nothing changes: this PC is as the file says.\n"


def test_a_public_pc_opens_no_counter_and_has_joined_all_the_same(host: Host, run: Run, file: Path) -> None:
    file.write_text(f'address = "{host.address}"\n{COUNTER}', encoding="utf-8")
    told = run("install", "--from", file, typed=host.code(PcKind.PUBLIC).code)
    assert told.status == 1
    assert told.err.startswith("This PC joined as another kind: counter does not open here.")
    assert (stored()["hall"], stored()["station"], stored()["opens"]) == ("T", "", [])


# -- windows -----------------------------------------------------------------------------------------------------------


def page_of(file: Path, look: Look, folder: Path) -> SetUpFromPcFilePage:
    """Make the page of a PC's file over a PC without a hall."""
    services, none = command_services(), folder / "none.sqlite"
    here = (services.switches(), settings, services.printers(), services.joining, services.joined_at)
    return pc_file_page_maker(OwnPc(none).home, InlineTasks(), file, (*here, lambda: (none, None)))(look)


@pytest.fixture
def open_file(pc: Path, tmp_path: Path, in_frame: Callable[..., InWindow]) -> Callable[[Path], InWindow]:  # noqa: F811
    return lambda file: in_frame(lambda look, _kept: page_of(file, look, tmp_path))


def test_a_file_is_chosen_on_the_first_page_and_among_this_pcs_settings_but_not_in_a_hall_of_one_pc(
    pc: Path,
    tmp_path: Path,
    in_frame: Callable[..., InWindow],  # noqa: F811
) -> None:
    chosen: list[str] = []
    home = OwnPc(tmp_path / "none.sqlite").home
    wizard = in_frame(lambda look, kept: WizardPage(look, home, kept))
    wizard.page.pc_file_chosen.connect(chosen.append)
    assert wizard.presets.file_button.text() == "Set up from a file …"
    wizard.create_hall_or_pass_pc_file("counter.TOML")
    assert chosen == ["counter.TOML"]

    def settings_page(home: HomeController) -> InWindow:
        does = ThisPcController(settings.this_pc_settings_functions(), home.hall_arguments)
        return in_frame(lambda look, _kept: ThisPcPage(look, home, does, InlineTasks()))

    page = settings_page(home)
    page.page.pc_file_chosen.connect(chosen.append)
    click(page.choose["file"])
    (places,) = page.findChildren(QFileDialog)
    places.fileSelected.emit("door.toml")
    places.reject()
    assert chosen[1:] == ["door.toml"]
    alone = make_hall(tmp_path)
    alone.desk.db.dispose()
    assert "file" not in settings_page(OwnPc(alone.path).home).choose


def test_on_its_first_page_a_pc_shows_what_a_file_changes_and_is_set_up(open_file, file):
    file.write_text(COUNTER, encoding="utf-8")
    page = open_file(file)
    assert page.lines[0].text() == "Language: en"
    assert page.code.isHidden()
    done: list[bool] = []
    page.page.done.connect(lambda: done.append(True))
    click(page.do_button)
    assert done == [True]
    assert (stored()["station"], stored()["opens"]) == ("counter", ["counter-3", "screens"])
    again = open_file(file)
    assert [line.text() for line in again.lines] == ["Nothing changes: this PC is as the file says."]
    assert not again.do_button.isEnabled()


def test_a_file_for_many_counters_asks_for_the_window_and_faults_are_shown(open_file, file):
    file.write_text('[[screens]]\nscreen = "1"\nstation = "plate"\n', encoding="utf-8")
    page = open_file(file)
    assert page.window_field.isVisible() and page.refusal.isVisible()
    page.window_field.set_value("4")
    page.window_field.edit.editingFinished.emit()
    assert page.refusal.isHidden()
    click(page.do_button)
    assert [one["window"] for one in stored()["screens"]] == ["4"]
    file.write_text('colour = "red"\n', encoding="utf-8")
    bad = open_file(file)
    assert bad.refusal.isVisible() and "colour" in bad.refusal.text()
    assert not bad.do_button.isEnabled()


def test_a_pc_joins_at_its_window_by_the_typed_code(host, open_file, file):
    file.write_text(f'address = "{host.address}"\nname = "Door"\nlanguage = "en"\n', encoding="utf-8")
    page = open_file(file)
    assert page.code.isVisible() and page.name.value() == "Door"
    QTest.keyClicks(page.code.edit, host.code().code)
    click(page.do_button)
    assert stored()["hall"] == "T"
    assert [one.name for one in host.pcs()] == ["Door"]


def test_the_main_pc_saves_a_file_that_other_pcs_read(open_sharing: Any, file: Path) -> None:  # noqa: F811
    office, page = open_sharing(shared=True)
    (save,) = (button for button in page.buttons if button.text() == "Save for other PCs …")
    office.touch(save)
    dialog = page.dialog
    dialog.fields["station"].edit.setCurrentIndex(dialog.fields["station"].edit.findData("counter"))
    dialog.fields["screen"].edit.setCurrentIndex(dialog.fields["screen"].edit.findData("rating"))
    dialog.fields["printer"].set_value("escpos:usb")
    assert dialog.read_typed_values() is None, "no such printer"
    dialog.fields["printer"].set_value("none:")
    saved: list[str] = []
    page.said.connect(lambda text, _icon: saved.append(text))
    office.touch(dialog.yes_button)
    (places,) = page.findChildren(QFileDialog)
    before = office.hall.path.read_bytes()
    file.hardlink_to(office.hall.path)
    places.fileSelected.emit(str(file))
    office.follow()
    assert "belongs to the hall" in page.error.text()
    assert office.hall.path.read_bytes() == before
    file.unlink()
    places.fileSelected.emit(str(file))
    places.reject()
    office.follow()
    assert saved == [f"Saved as {file}"]
    read = verbs.read_pc_file(file, PRINTERS, window="2")
    assert (read.address, read.station, read.window, read.printer) == ("192.168.1.5:7432", "counter", "2", "none:")
    assert [(one.screen, one.station, one.window) for one in read.screens or ()] == [("2", "rating", "2")]


Open = Callable[[], tuple[Any, SharingPage]]
PARTS = ROOMY
PATIENCE_MS = int(PATIENCE_S * 1000)


@pytest.fixture
def owner(empty_pg_url: str) -> Iterator[str]:
    """The address of an owner with the least rights, of an empty database."""
    parts = urlsplit(empty_pg_url)
    name = f"owner_{parts.path[1:]}"
    with psycopg.connect(empty_pg_url, autocommit=True) as superuser:
        for group in ("qd_public", "qd_web", "qd_staff", "qd_manager", "qd_reports"):
            make_role(superuser, group)
        superuser.execute(
            f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'correct-horse';"
            f" GRANT qd_public, qd_web, qd_staff, qd_manager TO {name} WITH ADMIN OPTION;"
            f" ALTER DATABASE {parts.path[1:]} OWNER TO {name}".encode()
        )
    yield parts._replace(netloc=f"{name}:correct-horse@{parts.hostname}:{parts.port}").geturl()
    drop_database(empty_pg_url)
    with psycopg.connect(new_database("template0"), autocommit=True) as superuser:
        superuser.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


@pytest.fixture
def open_pcs(
    open_office: Any, context: Any, hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    own_pc(tmp_path / "pc", monkeypatch)
    context.services = StationServices(sharing=SharingTools(hall.desk, str(hall.path), hall.clock))

    def go() -> tuple[Any, SharingPage]:
        office = open_office(MANAGER)
        office.page.ways.open_set_up_part("pcs")
        return office, office.page.setup_page.own.get_or_make_page("pcs")

    yield go
    with suppress(QueueDeskError):
        SharingProcessNote().stop_sharing_and_wait()
    autostart.remove_from_autostart()


def content_now(path: Path) -> bytes:
    """Return what a file holds, nothing for a folder, or one that the process that shares has removed meanwhile."""
    with suppress(OSError):
        return path.read_bytes()
    return b""


def press(office: Any, page: SharingPage, words: str) -> None:
    office.touch(next(button for button in page.buttons if button.text() == words))


def fill(office: Any, page: SharingPage, url: str, **other: str) -> RecordDialog:
    """Type an owner's address into the form's fields, and press its button."""
    dialog = page.dialog
    place = parse_server_address(url)
    typed = {
        "addresses": ", ".join(f"{host}:{port}" for host, port in place.hosts),
        "database": place.database,
        "user": place.role,
        "password": unquote(urlsplit(url).password or ""),
        **other,
    }
    for key, text in typed.items():
        office.write(dialog.fields[key].edit, text)
    office.touch(dialog.yes_button)
    return dialog


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_a_window_shares_the_hall_on_a_server_after_its_check(open_pcs, owner, hall, qtbot, tmp_path):
    office, page = open_pcs()
    press(office, page, "Share on an existing server …")
    dialog = fill(office, page, owner, password="wrong")
    edit = dialog.fields["password"].edit
    assert isinstance(edit, QLineEdit) and edit.echoMode() == QLineEdit.EchoMode.Password
    found = page.dialog
    place = parse_server_address(owner)
    assert [line.text() for line in found.lines] == [
        f"The server {place.hosts_text} does not accept the user {place.role} with this password."
    ]
    assert not hasattr(found, "yes_button")
    office.touch(found.no_button)
    # Back in the form everything stands there but for what was wrong.
    fill(office, page, owner)
    found = page.dialog
    texts = [line.text() for line in found.lines]
    assert texts[0] == f"{place.hosts_text} answers." and texts[-1] == "The database is empty."
    assert not (hall.path.parent / "postgres").exists(), "nothing has changed by the check"
    with psycopg.connect(owner) as server:
        assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)

    office.touch(found.yes_button)
    assert page.start.share_button.text() == "Sharing the hall …"
    qtbot.waitUntil(lambda: page.is_waiting_to_follow_hall or page.start.line.is_refusal, timeout=PATIENCE_MS)
    assert page.start.line.text() == "The hall is shared now. This window opens again there."
    assert network.address_halls_moved_to(hall.path) == owner.replace(":correct-horse", "")
    note = until(SharingProcessNote().read)
    assert parse_server_address(note["database"]).hosts == place.hosts
    # The owner's password is where the command keeps it, and nowhere else.
    kept = [path for path in tmp_path.rglob("*") if b"correct-horse" in content_now(path)]
    assert [path.name for path in kept] == ["server.json"]
    assert kept[0].stat().st_mode & 0o77 == 0


def test_a_try_that_fails_leaves_the_hall_in_its_file_to_be_shared_another_way(open_pcs, owner, hall, qtbot):
    place = parse_server_address(owner)
    with psycopg.connect(_console(owner), autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE {place.role} PASSWORD ' correct horse '".encode())
    office, page = open_pcs()
    press(office, page, "Share on an existing server …")
    # Addresses are read as they are meant, and a password as it is.
    dialog = fill(office, page, owner, addresses=",")
    assert page.dialog is dialog, "there is no server in it"
    for key, text in {"addresses": f"{place.hosts_text}, {place.hosts_text}", "password": " correct horse "}.items():
        office.write(dialog.fields[key].edit, text)
    office.touch(dialog.yes_button)
    found = page.dialog
    assert [line.text() for line in found.lines][::4] == [f"{place.hosts_text} answers.", "The database is empty."]
    # Between the check and the move the server loses a right that it had.
    with psycopg.connect(_console(owner), autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE {place.role} NOCREATEROLE".encode())
        superuser.execute(f"REVOKE qd_staff FROM {place.role}".encode())
    office.touch(found.yes_button)
    qtbot.waitUntil(lambda: page.start.line.is_refusal, timeout=PATIENCE_MS)
    assert page.start.line.text() == (
        f"The server's owner lacks a right; please let whoever looks after the server run “ALTER ROLE {place.role} CREATEROLE”."
    )
    assert network.address_halls_moved_to(hall.path) is None
    assert not (hall.path.parent / "postgres" / "server.json").exists()
    hall.queue("A")
    assert page.start.share_button.isEnabled() and not page.start.share_button.is_busy()


def _console(url: str) -> str:
    """Return the superuser's address of the same database."""
    return urlsplit(server_url())._replace(path=urlsplit(url).path).geturl()


# -- what the check says -----------------------------------------------------------------------------------------------


def check(hall: Hall, url: str, **ahead: float) -> ServerCheck:
    password = unquote(urlsplit(url).password or "")
    return verbs.check_server(
        hall.desk, parse_server_address(url), password, lambda: datetime.now(UTC) - timedelta(**ahead)
    )


def last(found: ServerCheck) -> str:
    return server_check_lines(found)[-1][0]


@pytest.fixture
def alone(tmp_path: Path) -> Hall:
    made = make_hall(tmp_path)
    made.queue("A")
    return made


def test_each_lack_of_the_owner_is_named_before_anything_changes_and_its_statement_mends_it(alone, owner):
    place = parse_server_address(owner)
    name, database = place.role, place.database
    takes = {
        f'ALTER ROLE "{name}" LOGIN': f"ALTER ROLE {name} NOLOGIN",
        f'GRANT CONNECT ON DATABASE "{database}" TO "{name}"': f"ALTER DATABASE {database} OWNER TO CURRENT_USER;"
        f" REVOKE CONNECT ON DATABASE {database} FROM PUBLIC, {name}",
        f"ALTER DATABASE {database} OWNER TO {name}": "SELECT 1",
        f"ALTER ROLE {name} CREATEROLE": f"ALTER ROLE {name} NOCREATEROLE",
        f"GRANT qd_public, qd_web, qd_staff, qd_manager TO {name} WITH ADMIN OPTION": f"REVOKE qd_web FROM {name}",
    }
    with psycopg.connect(_console(owner), autocommit=True) as superuser:
        for mends, takes_away in takes.items():
            superuser.execute(takes_away.encode())
            found = check(alone, owner)
            assert found.trouble is not None and found.trouble.details.get("statement") == mends, found
            assert last(found).endswith(f"run “{mends}”.")
            superuser.execute(mends.encode())
        assert check(alone, owner).trouble is None
    missing = owner.replace(f"/{database}", f"/{database}_x")
    assert last(check(alone, missing)).endswith(f'run “CREATE DATABASE "{database}_x" OWNER "{name}"”.')


@pytest.mark.parametrize(
    ("said", "code", "statement"),
    [
        ('password authentication failed for user "own er"', "server_password", None),
        ('database "hall" does not exist', "owner_lacks", 'CREATE DATABASE "hall" OWNER "own er"'),
        ('permission denied for database "hall"', "owner_lacks", 'GRANT CONNECT ON DATABASE "hall" TO "own er"'),
        ('role "own er" is not permitted to log in', "owner_lacks", 'ALTER ROLE "own er" LOGIN'),
        ('no pg_hba.conf entry for host "10.0.0.7", user "own er"', "server_not_let_in", None),
        ("the database system is starting up", "database_away", None),
    ],
)
def test_why_an_owner_is_not_let_in_is_understood_without_the_servers_code(said, code, statement):
    """As on Windows, where the driver's library does not tell it."""
    place = parse_server_address("postgresql://own%20er@db.example/hall")
    error = psycopg.OperationalError(f'connection to server at "10.0.0.1", port 5432 failed: FATAL:  {said}')
    trouble = verbs.server_login_error(error, place)
    assert trouble is not None and (trouble.code, trouble.details.get("statement")) == (code, statement)


def test_servers_that_cannot_have_the_hall_or_have_others_or_it_already_say_so(
    alone: Hall, owner: str, tmp_path: Path
) -> None:
    place = parse_server_address(owner)
    with socket.create_server(("127.0.0.1", 0)) as frozen:  # it takes a connection and says nothing
        silent = owner.replace(place.hosts_text, f"127.0.0.1:{frozen.getsockname()[1]}")
        assert "does not answer; please try again in a moment." in last(check(alone, silent))
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute("CREATE TABLE patients (id int)")
        told = f"The database {place.database} has tables of another program; please name an empty one."
        assert last(check(alone, owner)) == told
        server.execute("DROP TABLE patients")
    ahead, behind = (server_check_lines(check(alone, owner, minutes=m)) for m in (7, -7))
    assert any(text.startswith("The server's clock is 7 minutes ahead of this PC's.") for text, _good in ahead)
    assert any(text.startswith("The server's clock is 7 minutes behind this PC's.") for text, _good in behind)
    assert not any("clock" in text for text, _good in server_check_lines(check(alone, owner)))
    # A database with another hall and with this one says so.
    (tmp_path / "other").mkdir()
    other = make_hall(tmp_path / "other", hall={"code": "U", "name": "U", "timezone": "Asia/Shanghai"})
    network.move_halls_to_server(other.path, owner, other.ask(), settle=network.install_pc_rights)
    found = check(alone, owner)
    assert (found.trouble, found.halls) == (None, ("U",))
    assert last(found) == "Other halls are there and stay as they are: U"
    (tmp_path / "same").mkdir()
    same = make_hall(tmp_path / "same")
    same.queue("B")
    network.move_halls_to_server(same.path, owner, same.ask(), settle=network.install_pc_rights)
    assert last(check(alone, owner)) == "That server already has another hall CD; nothing was moved."
    assert check(same, owner).has_earlier_copy


def test_of_several_servers_the_one_that_leads_is_named_and_two_that_lead_are_refused(alone, tmp_path, empty_pg_url):
    with two_servers(tmp_path / "pair") as pair:
        url = pair.url()
        first, second = (f"{host}:{port}" for host, port in parse_server_address(url).hosts)
        lines = [text for text, _good in server_check_lines(check(alone, url))]
        assert lines[:2] == [f"{first} leads.", f"{second} is a standby."]
        only_second = url.replace(f"{first},", "")
        told = f"Only standbys are named ({second}); please also name the server that leads."
        assert last(check(alone, only_second)) == told
        pair.second.stop()
        found = check(alone, url)
        assert found.trouble is None and [host.leads for host in found.hosts] == [True, False]
        pair.second.start()
        pair.promote()
        assert "each lead" in last(check(alone, url))


def test_its_questions_are_whole(open_pcs: Open, context: Any, shapes: Any) -> None:
    office, _page = open_pcs()
    controller = SharingController(context)
    servers = ("db1.hall.example:5432", "db2.hall.example:5432")

    def now() -> SharingPage:
        found: SharingPage = office.page.setup_page.own.get_or_make_page("pcs")
        return found

    def ask() -> None:
        now().close_question()  # that of before may have gone back to it
        ask_hall_server_address(now(), controller, {})

    def show(trouble: QueueDeskError | None) -> None:
        now().close_question()
        hosts = (HostState(address=servers[0], leads=True), HostState(address=servers[1]))
        about = {"version": 15, "ahead": timedelta(minutes=7), "halls": ("B2", "C3"), "trouble": trouble}
        found = ServerCheck(url="", hosts=hosts, **about)
        show_server_check(now(), controller, {}, found)

    sights = Sights(office.page, context.look, servers, shapes)
    sights.take_closely("one quiet button")
    lacks = OutsideError("owner_lacks", statement="ALTER ROLE queuedesk_owner CREATEROLE")
    sights.take_questions({"server": ask, "good": lambda: show(None), "lacks": lambda: show(lacks)})
    sights.must_be_whole()


PAGE = Path(__file__).resolve().parents[3] / "resources" / "docs" / "sizes.md"


def revoke(owner: psycopg.Connection, right: RoleRight) -> None:
    owner.execute(f"REVOKE {right.right} FROM {right.role}".encode())


def test_the_groups_have_their_rights_alone_and_each_is_named_and_given_back_by_its_statement(place: Shared) -> None:
    rights = verbs.rights_of_pc_groups()
    assert len(rights) > 300 and {right.role for right in rights} == {f"qd_{kind}" for kind in PcKind}
    assert verbs.statements_for_missing_rights(place.owner) == []
    listed = {kind: set[str]() for kind in PcKind}
    for right in rights:
        found = re.fullmatch(r'([A-Z]+)( \(.*\))? ON public\.("?\w+"?)', right.right)
        if found is not None:
            listed[PcKind(right.role.removeprefix("qd_"))].add(f"{found[1]} {found[3].strip(chr(34))}")
    with raw(place.url) as owner:
        for kind in PcKind:
            rows = owner.execute(
                "SELECT privilege_type || ' ' || table_name FROM information_schema.role_table_grants WHERE grantee = %s"
                " UNION SELECT privilege_type || ' ' || table_name FROM information_schema.role_column_grants"
                " WHERE grantee = %s AND table_schema = 'public'",
                (f"qd_{kind}", f"qd_{kind}"),
            ).fetchall()
            assert {row[0] for row in rows} == listed[kind]
        owner.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
        for right in rights:
            revoke(owner, right)
        # All at once, so that none hides behind another; each statement gives back the one that it names.
        assert verbs.statements_for_missing_rights(place.owner) == [right.grant_statement for right in rights]
        for half in (rights[::2], rights[1::2]):
            for right in half:
                owner.execute(right.grant_statement.encode())
            left = [] if half[0] is rights[1] else [right.grant_statement for right in rights[1::2]]
            assert verbs.statements_for_missing_rights(place.owner) == left


def issue(hall: Hall) -> object:
    return issuing.issue_ticket(hall.desk, Ask(Actor("station:kiosk", Role.STATION), hall.clock()), "A")


def look_at_hall(hall: Hall) -> object:
    return hall.log()


def add_pc(hall: Hall) -> object:
    with hall.desk.db.write() as tx:
        return grants.add_pc(tx, 1, "One more", PcKind.STAFF, made_by="M1", now=hall.clock())


WORK: list[tuple[PcKind, str, Callable[[Hall], object]]] = [
    (PcKind.PUBLIC, 'INSERT ON public."events"', issue),
    (PcKind.WEB, "SELECT ON public.alembic_version", look_at_hall),
    (PcKind.STAFF, 'INSERT ON public."tickets"', issue),
    (PcKind.STAFF, "USAGE ON SCHEMA public", look_at_hall),
    (PcKind.MANAGER, "EXECUTE ON FUNCTION public.qd_add_pc(text, text, bigint, text, text, text, bigint)", add_pc),
]


def test_a_pc_does_its_work_until_a_right_is_gone_and_again_once_it_is_back(place: Shared) -> None:
    with raw(place.url) as owner:
        owner.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
        for kind, right, work in WORK:
            pc = place.hall(place.pc(kind))
            work(pc)
            taken = next(one for one in verbs.rights_of_pc_groups() if (one.role, one.right) == (f"qd_{kind}", right))
            revoke(owner, taken)
            with pytest.raises((OutsideError, DBAPIError)) as refused:
                work(pc)
            assert not isinstance(refused.value, OutsideError) or refused.value.code == "not_this_pc"
            lacks = (
                "A role on the hall's server lacks a right; please let whoever looks after the server run"
                f" “GRANT {right} TO qd_{kind}”."
            )
            assert missing_rights_lines(verbs.statements_for_missing_rights(place.owner)) == [(lacks, False)]
            owner.execute(taken.grant_statement.encode())
            work(pc)
            assert verbs.statements_for_missing_rights(place.owner) == []


FORBIDDEN = ("UPDATE events SET kind = 'x'", "DELETE FROM tickets", "SELECT hash FROM pins", "CREATE TABLE x ()")


def test_each_right_of_a_pcs_login_is_named_and_given_back(place: Shared) -> None:
    for kind in PcKind:
        url = place.pc(kind)
        role, database = urlsplit(url).username, urlsplit(url).path[1:]
        takes = {
            f"ALTER ROLE {role} LOGIN": f"ALTER ROLE {role} NOLOGIN",
            f"GRANT qd_{kind} TO {role}": f"REVOKE qd_{kind} FROM {role}",
            f"GRANT CONNECT ON DATABASE {database} TO {role}": f"REVOKE CONNECT ON DATABASE {database} FROM {role}",
        }
        with raw(place.url) as owner:
            for mends, takes_away in takes.items():
                owner.execute(takes_away.encode())
                with pytest.raises((OutsideError, psycopg.Error)):
                    look_at_hall(place.hall(url))
                assert verbs.statements_for_missing_rights(place.owner) == [mends]
                owner.execute(mends.encode())
                assert look_at_hall(place.hall(url))
        with raw(url) as thief:
            for forbidden in FORBIDDEN:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    thief.execute(forbidden.encode())
        assert verbs.statements_for_missing_rights(place.owner) == []


def reading_login(place: Shared) -> tuple[str, str]:
    """Make a login that reads the views of the hall, and return it with its address."""
    hall = place.hall()
    setting_up.change_hall(hall.desk, hall.ask(), {"features": ["open_figures"]})
    papers.remake_views_if_due(hall.desk, hall.ask())
    hall.issue("A")
    made = reading.add_reading_login(hall.desk, hall.ask(), "A spreadsheet")
    return made["login"], made["address"].replace("@", f":{made['password']}@")


def test_a_reading_login_reads_the_views_alone_and_each_of_its_rights_is_named(place: Shared) -> None:
    hall, (login, url) = place.hall(), reading_login(place)
    view, database = "visits", urlsplit(place.url).path[1:]
    takes = {
        f"GRANT USAGE ON SCHEMA reporting TO {verbs.READERS}": f"REVOKE USAGE ON SCHEMA reporting FROM {verbs.READERS}",
        f"GRANT SELECT ON reporting.{view} TO {verbs.READERS}": f"REVOKE SELECT ON reporting.{view} FROM {verbs.READERS}",
        f"ALTER ROLE {login} LOGIN": f"ALTER ROLE {login} NOLOGIN",
        f"GRANT {verbs.READERS} TO {login}": f"REVOKE {verbs.READERS} FROM {login}",
        f"GRANT CONNECT ON DATABASE {database} TO {login}": f"REVOKE CONNECT ON DATABASE {database} FROM {login}",
    }
    try:
        with raw(place.url) as owner:
            for mends, takes_away in takes.items():
                owner.execute(takes_away.encode())
                with pytest.raises(psycopg.Error), raw(url) as reader:
                    reader.execute(f"SELECT * FROM reporting.{view}".encode())
                assert verbs.statements_for_missing_rights(place.owner) == [mends]
                owner.execute(mends.encode())
                with raw(url) as reader:
                    reader.execute(f"SELECT * FROM reporting.{view}".encode())
        with raw(url) as reader:
            for forbidden in (
                "SELECT * FROM public.tickets",
                "INSERT INTO public.events DEFAULT VALUES",
                "CREATE TABLE reporting.x ()",
            ):
                with pytest.raises(psycopg.Error):
                    reader.execute(forbidden.encode())
    finally:
        reading.remove_reading_login(hall.desk, hall.ask(), login)


def names_of_logins(place: Shared) -> list[str]:
    hall = place.hall()
    return [row["login"] for row in reading.reading_logins(hall.desk, hall.ask())]


def test_of_two_halls_on_one_server_neither_names_lists_removes_or_lets_in_what_belongs_to_the_other(place):
    """Each in a database of its own, with the same number; roles are of the whole server."""
    other_url = new_database(WITH_RIGHTS)
    try:
        with shared(other_url) as other, raw(other_url) as owner:
            database, others_database = (urlsplit(url).path[1:] for url in (place.url, other_url))
            login, address = reading_login(place)
            others_login, others_address = reading_login(other)
            pc, others_pc = (urlsplit(one.pc(PcKind.STAFF)).username for one in (place, other))
            for own, others, group in ((pc, others_pc, "qd_staff"), (login, others_login, verbs.READERS)):
                for role, db, its, not_its in ((own, database, place, other), (others, others_database, other, place)):
                    for mends, takes_away in (
                        (f"ALTER ROLE {role} LOGIN", f"ALTER ROLE {role} NOLOGIN"),
                        (f"GRANT {group} TO {role}", f"REVOKE {group} FROM {role}"),
                        (f"GRANT CONNECT ON DATABASE {db} TO {role}", f"REVOKE CONNECT ON DATABASE {db} FROM {role}"),
                    ):
                        owner.execute(takes_away.encode())
                        assert verbs.statements_for_missing_rights(its.owner) == [mends]
                        assert verbs.statements_for_missing_rights(not_its.owner) == []
                        owner.execute(mends.encode())

            # Also where everybody may connect, as before a hall is shared.
            for db in (database, others_database):
                owner.execute(f"GRANT CONNECT ON DATABASE {db} TO PUBLIC".encode())
            assert (names_of_logins(place), names_of_logins(other)) == ([login], [others_login])
            for of_whom, rows in ((address, 1), (others_address, 0)):
                there = urlsplit(of_whom)._replace(path=f"/{database}").geturl()
                with raw(there) as reader:
                    assert reader.execute("SELECT count(*) FROM reporting.visits").fetchone() == (rows,)
            hall = place.hall()
            with pytest.raises(RuleError, match="unknown_login"):
                reading.remove_reading_login(hall.desk, hall.ask(), others_login)
    finally:
        drop_database(other_url)
    # Its logins outlast a database that was removed.
    assert verbs.statements_for_missing_rights(place.owner) == []
    assert names_of_logins(place) == [login]
    hall = place.hall()
    reading.remove_reading_login(hall.desk, hall.ask(), login)
    with raw(place.url) as owner:
        for role in (others_login, others_pc):
            owner.execute(f"DROP ROLE {role}".encode())


def test_a_reading_login_of_an_earlier_program_is_its_database_s_once_the_views_are_made_anew(place: Shared) -> None:
    login, _address = reading_login(place)
    hall, database = place.hall(), urlsplit(place.url).path[1:]
    with raw(place.url) as owner:
        owner.execute(f"ALTER ROLE {login} IN DATABASE {database} RESET ALL".encode())
        owner.execute(f"ALTER ROLE {login} SET search_path = reporting".encode())
        owner.execute(f"ALTER ROLE {login} NOLOGIN".encode())
        assert verbs.statements_for_missing_rights(place.owner) == [f"ALTER ROLE {login} LOGIN"]
        owner.execute(f"ALTER ROLE {login} LOGIN".encode())
        assert names_of_logins(place) == [login]
        owner.execute(b"COMMENT ON SCHEMA reporting IS 'QueueDesk of an earlier program'")
        papers.remake_views_if_due(hall.desk, hall.ask())
        owner.execute(f"REVOKE CONNECT ON DATABASE {database} FROM {login}".encode())
        assert verbs.statements_for_missing_rights(place.owner) == [f"GRANT CONNECT ON DATABASE {database} TO {login}"]
        assert names_of_logins(place) == [login], "so that it can be removed"
    reading.remove_reading_login(hall.desk, hall.ask(), login)


def test_a_schema_of_somebody_else_s_is_not_offered_to_who_reads_the_views(place: Shared) -> None:
    with raw(place.url) as owner:
        make_role(owner, verbs.READERS)
        owner.execute(b"CREATE SCHEMA reporting CREATE VIEW wages AS SELECT 1 AS paid")
        assert verbs.statements_for_missing_rights(place.owner) == []


def test_doctor_and_the_page_of_the_pcs_name_what_is_lacking(place, open_office, context, capsys, tmp_path):
    sharing = Lent(place.clock, SharingStatus(is_shared=True, is_host=True, runs=True, has_given_server=True))
    context.services = StationServices(sharing=sharing, owners_database=lambda: nullcontext(place.owner))
    office = open_office(MANAGER)
    office.page.ways.open_set_up_part("pcs")
    page = office.page.setup_page.own.get_or_make_page("pcs")
    line = ["--db", place.url, "--lang", "en", "--json", "doctor"]
    button = next(button for button in page.buttons if button.text() == "Check the rights …")
    with raw(place.url) as owner:
        for take, text in (
            ("SELECT 1", "Every role on the hall's server has the rights it needs."),
            ("REVOKE DELETE ON contacts FROM qd_staff", 'run “GRANT DELETE ON public."contacts" TO qd_staff”.'),
        ):
            owner.execute(take.encode())
            office.touch(button)
            office.until(lambda: isinstance(page.dialog, GoodAndBadLinesDialog))
            assert page.dialog.lines[0].text().endswith(text)
            capsys.readouterr()
            run_command_line(line, openers={}, clock=place.clock, services=ALONE)
            checks = json.loads(capsys.readouterr().out)["checks"]
            named = next(check for check in checks if check["name"] == "server_rights")
            assert named["message"] == page.dialog.lines[0].text()
            office.touch(page.dialog.no_button)
    # Where the owner's address can't be read doctor looks at the rest.
    services = replace(ALONE, own_hall=lambda: (place.url, None), owners_address=ExternalHallServer(tmp_path).owner_url)
    run_command_line(["--lang", "en", "--json", "doctor"], openers={}, clock=place.clock, services=services)
    names = [check["name"] for check in json.loads(capsys.readouterr().out)["checks"]]
    assert "database" in names and "server_rights" not in names


def test_of_a_hall_that_only_its_owner_opens_no_right_is_lacking(empty_pg_url: str) -> None:
    """The groups may be there all the same: every database of a server has the same roles."""
    now = real_clock()
    desk = setting_up.create_hall(empty_pg_url, simple_setup(timezone=noon_zone(now)), Ask(CONSOLE, now))
    with desk.db, psycopg.connect(empty_pg_url, autocommit=True) as superuser:
        for kind in PcKind:
            make_role(superuser, f"qd_{kind}")
        assert verbs.statements_for_missing_rights(desk.db) == []


def test_the_page_lists_every_role_that_the_product_makes() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## Roles")[1].split("\n## ")[0]
    named = set(re.findall(r"`(qd_\w*…?|OWNER)`", section))
    assert named == {"OWNER", *(f"qd_{kind}" for kind in PcKind), "qd_…", verbs.READERS, f"{verbs.READERS}_…"}
    for right in ("CREATEROLE", "WITH ADMIN OPTION", "CONNECT", "LOGIN", "USAGE", "SELECT", "EXECUTE"):
        assert f"`{right}`" in section, right
