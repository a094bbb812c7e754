"""PCs set up from a file: every fault at once, a second time changes nothing, and in windows what commands do."""

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from queuedesk import paths
from queuedesk.app.clock import real_clock
from queuedesk.app.hosting.gate import CertificateWithKey, load_or_make_certificate
from queuedesk.app.main import command_services
from queuedesk.app.this_pc import config, settings
from queuedesk.cli.main import run_command_line
from queuedesk.core.errors import RuleError
from queuedesk.core.network.sharing import PcKind
from queuedesk.features.rollout import verbs
from queuedesk.features.rollout.pages import SetUpFromPcFilePage, pc_file_page_maker
from queuedesk.features.rollout.rules import BadLine, FileFault
from queuedesk.features.rollout.words import BAD_LINES
from queuedesk.i18n import LANGUAGES, error_sentence
from queuedesk.stations.home.controller import HomeController, ThisPcController
from queuedesk.stations.home.this_pc_page import ThisPcPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.window.context import InlineTasks
from queuedesk.stations.window.style import Look
from tests.cli.commands import Answer
from tests.cli.services import PRINTERS
from tests.hall import make_hall
from tests.main_pc import Host, open_host, own_pc
from tests.stations.home.conftest import InWindow, OwnPc, click, in_frame  # noqa: F401
from tests.stations.manager.network.test_sharing_page import lent, open_sharing  # noqa: F401

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
