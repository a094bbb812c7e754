"""What commands put on paper and into folders: slips by hand, samples, and the reports that are due."""

import json
import random
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from queuedesk.app import main
from queuedesk.app.main import command_services
from queuedesk.app.services import printers
from queuedesk.app.this_pc import config
from queuedesk.cli import upkeep
from queuedesk.core.figures.periods import CalendarPeriod
from queuedesk.printing import escpos
from queuedesk.printing.qr import parse_ticket_code
from queuedesk.reports import kept as kept_files
from queuedesk.reports.kept import first_event_hash
from tests.bounded import until
from tests.cli.commands import Answer, Console, ended, loaded, process
from tests.hall import Hall, made_once, nine_today, simple_hall
from tests.printing.cups import NOWHERE, cups
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_printer import VirtualPrinter

pytestmark = pytest.mark.usefixtures("own_choices")


@pytest.fixture
def printer(monkeypatch):
    monkeypatch.setattr(escpos, "_answering", set())
    with VirtualPrinter(width=384) as one:
        yield one


@pytest.fixture
def at_pc(console: Console, qapp, monkeypatch) -> Console:
    """A console of a PC with printers; what is plugged into this machine is none of the tests' business."""
    monkeypatch.setattr(printers, "system_printer_names", lambda: ["TM-T88"])
    cables = [("escpos:serial:COM3", "USB-Serial"), ("escpos:usb:04b8:0e15", "")]
    monkeypatch.setattr(printers, "plugged_receipt_printers", lambda: cables)
    console.services = command_services()
    return console


@pytest.fixture
def printers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let doctor look at the printers of this PC and at nothing else of it."""
    monkeypatch.setattr(upkeep, "OF_THIS_PC", [one for one in upkeep.OF_THIS_PC if "printers" in one.__name__])


def test_a_printer_is_chosen_and_shown(at_pc, printer):
    assert at_pc.ask("printer", "show") == {"printer": None, "kind": "none"}
    wanted = {"printer": printer.choice, "kind": "net", "address": printer.address}
    wanted |= {"width": 384, "cut": "full", "feed": 4}
    assert at_pc.ask("printer", "choose", printer.choice) == at_pc.ask("printer", "show") == wanted
    listed = at_pc.ask("printer", "list")
    assert listed["chosen"] == printer.choice
    assert [(row["printer"], row["kind"], row["chosen"]) for row in listed["printers"]] == [
        ("TM-T88", "system", False),
        ("escpos:serial:COM3", "serial", False),
        ("escpos:usb:04b8:0e15", "usb", False),
        (printer.choice, "net", True),
    ]


def test_a_printer_says_how_it_stands_and_nonsense_is_refused_and_changes_nothing(at_pc, printer):
    for choice in ("TM-T89", "escpos:net:", "escpos:serial:COM3?width=400"):
        for verb in ("choose", "status", "test"):
            assert at_pc.refused("printer", verb, choice) == "bad_printer"
    assert at_pc.ask("printer", "show")["printer"] is None
    assert at_pc.refused("printer", "status") == "no_printer"
    at_pc.ask("printer", "choose", printer.choice)
    causes = {"ready": "", "paper_low": "", "paper_out": "out_of_paper", "cover": "cover_open"}
    for printer.state, cause in causes.items():
        said = {"printer": printer.choice, "known": True, "cause": cause}
        said["warning"] = "paper_low" if printer.state == "paper_low" else ""
        assert at_pc.ask("printer", "status") == said
    assert "cover open" in at_pc.say("printer", "status").out


def test_a_test_slip_a_list_of_papers_and_a_ticket_come_out_and_trouble_is_told(at_pc, printer):
    answer = at_pc.ask("printer", "test", printer.choice)
    [slip] = printer.wait_for_slips(1)
    assert answer == {"printer": printer.choice, "warning": ""}
    assert [found.text for found in zxingcpp.read_barcodes(dots(slip))] == ["QueueDesk"]
    at_pc.ask("printer", "choose", printer.choice)
    at_pc.ask("print-papers", "B", "--item", "gmgh")
    assert len(printer.wait_for_slips(2)) == 2
    assert at_pc.refused("print-papers", "X") == "unknown_service"
    at_pc.ask("issue", "A")
    answer = at_pc.ask("print", "a1")
    assert answer == {"ticket": "A001", "date": "2026-11-20", "printer": printer.choice, "warning": ""}
    found = parse_ticket_code(zxingcpp.read_barcodes(dots(printer.wait_for_slips(3)[-1]))[0].text)
    assert found is not None and found.label == "A001"
    printer.state = "paper_out"
    told = at_pc.say("print", "A001")
    assert (told.status, told.out) == (1, "")
    trouble = f"The printer {printer.address} did not print (out of paper)."
    assert told.err == f"{trouble} Please write down A001; it is valid. Put paper in.\n"
    assert at_pc.refused("print", "A002") == "unknown_ticket"
    assert len(printer.slips) == 3


def test_a_slip_goes_into_a_file(at_pc, tmp_path):
    at_pc.ask("issue", "A")
    for file in (tmp_path / "slip.png", tmp_path / "slip.pdf"):
        assert at_pc.ask("print", "A001", "--out", file) == {"file": str(file)}
        assert file.stat().st_size > 1000
    assert at_pc.say("print-papers", "B", "--out", tmp_path / "slip.txt").status == 2
    assert not (tmp_path / "slip.txt").exists()


def printers_check(console: Console) -> tuple[str, str]:
    """Return what doctor says of the printers of this PC."""
    checks = console.say("--json", "doctor").document["checks"]
    return next((check["status"], check["message"]) for check in checks if check["name"] == "printers")


@pytest.mark.usefixtures("printers_alone")
def test_doctor_asks_the_receipt_printer(at_pc, printer):
    at_pc.ask("printer", "choose", printer.choice)
    assert printers_check(at_pc) == ("ok", f"1 printer: {printer.choice}")
    printer.state = "paper_out"
    not_printing = f"Not printing: {printer.choice} (out of paper); numbers can be written down by hand."
    assert printers_check(at_pc) == ("warning", not_printing)


@pytest.mark.usefixtures("printers_alone")
def test_doctor_calls_every_printer_what_it_is(at_pc, tmp_path, monkeypatch):
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        server.add("Front")
        assert printers_check(at_pc) == ("ok", "1 printer: Front")
        server.run("cupsdisable", server.add("Paused"))
        server.run("cupsreject", server.add("Closed"))
        server.add("Gone", NOWHERE)
        lacking = "Closed (takes no job), Gone (offline), Paused (queue paused)"
        told = f"Not printing: {lacking}; numbers can be written down by hand."
        assert printers_check(at_pc) == ("warning", told)


def test_a_slip_for_a_printer_that_is_gone_is_not_taken_for_printed(console, tmp_path, monkeypatch):
    """By a process of its own: only such a one asks CUPS anew where it is."""
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        config.update_config({"printer": server.add("Front", NOWHERE)})
        gone = process(console.db, "issue", "A", "--print", "--at", "2026-11-20T10:00:00+08:00")
        assert (gone.status, gone.out) == (1, "")
        told = "The printer Front did not print (offline). Please write down A001; it is valid."
        assert gone.err == f"{told} Check that it is on and its cable is in.\n"
        assert server.waiting("Front") == []
        server.add("Front")
        again = process(console.db, "print", "A001", "--date", "2026-11-20")
        assert (again.out, again.status) == ("Printed on Front.\n", 0)
        [slip] = server.printed("Front")
        assert slip.startswith(b"%PDF")
        server.says("Front", "media-jam-warning")
        jammed = process(console.db, "print", "A001", "--date", "2026-11-20")
        told = "The printer Front did not print (paper jammed). Please write down A001; it is valid."
        assert jammed.err == f"{told} Open the printer and take the stuck paper out.\n"
        server.says("Front", "")
        assert (server.waiting("Front"), len(server.printed("Front"))) == ([], 1), "nothing comes out later"
    off = process(console.db, "print", "A001", "--date", "2026-11-20")
    told = "The printer Front did not print (print service off). Please write down A001; it is valid."
    assert off.err == f"{told} Restart its PC.\n"
    assert process(console.db, "printer", "status", "Front").out == "Front  print service off\n"


def test_a_slip_whose_print_service_stopped_is_discarded_before_the_next_is_printed(console, tmp_path, monkeypatch):
    console.ask("issue", "A")
    printing = (console.db, "print", "A001", "--date", "2026-11-20")
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        config.update_config({"printer": server.add("Front")})
        server.says("Front", "silent")
        stops = threading.Thread(target=lambda: until(lambda: server.waiting("Front")) and server.stop())
        stops.start()
        assert "did not print (print service off)" in process(*printing).err
        stops.join()
        server.start()
        (left,) = server.waiting("Front")

        def go_on() -> None:
            until(lambda: left not in server.waiting("Front"))
            server.says("Front", "")

        goes_on = threading.Thread(target=go_on)
        goes_on.start()
        assert process(*printing).out == "Printed on Front.\n"
        goes_on.join()
        assert (server.waiting("Front"), len(server.printed("Front"))) == ([], 1)


@pytest.mark.usefixtures("printers_alone")
def test_doctor_finds_a_print_service_that_does_not_answer_not_good(at_pc, tmp_path, monkeypatch):
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        config.update_config({"printer": server.add("Front")})
        with server.frozen():
            told = "Not printing: Front (does not answer); numbers can be written down by hand."
            assert printers_check(at_pc) == ("warning", told)


@pytest.mark.usefixtures("printers_alone")
def test_doctor_finds_a_print_service_that_is_off_not_good(at_pc, monkeypatch):
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    config.update_config({"printer": "Front"})
    told = "Not printing: Front (print service off); numbers can be written down by hand."
    assert printers_check(at_pc) == ("warning", told)


TODAY = nine_today()
ZONE = str(TODAY.tzinfo)


def lived(folder: Path, days: int, **changes: Any) -> Hall:
    """Return a hall that worked on each of so many days before today."""

    def live(place: Path) -> Hall:
        hall = simple_hall(place, start=TODAY - timedelta(days=days), timezone=ZONE, **changes)
        for _day in range(days):
            hall.play("open 1 staff=C1", "issue A", "serve-out 1", "close 1")
            hall.clock.now = hall.clock.now.replace(hour=9, minute=0) + timedelta(days=1)
        return hall

    return made_once(folder, live, kind=f"{days} {changes}")


def two_days(folder: Path) -> Hall:
    return lived(folder, 2)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return two_days(tmp_path)


@pytest.fixture
def since_yesterday(tmp_path: Path) -> Hall:
    return lived(tmp_path, 1)


@pytest.fixture
def here(bare: Console) -> Console:
    """A console in this process with all that the program lends it, in the afternoon."""
    bare.clock, bare.services = (lambda: TODAY + timedelta(hours=5)), main.command_services()
    return bare


@pytest.fixture
def due(here: Console) -> Callable[..., Answer]:
    return partial(here.say, "--json", "report", "due")


def spans_in(hall: Hall, folder: Path) -> list[CalendarPeriod]:
    return [file.stamp.span for file in kept_files.reports_in_folder(folder, first_event_hash(hall.desk))]


@pytest.mark.parametrize(("options", "at_once"), [((), 4), (("--gently",), 2)])
def test_several_at_once_write_each_report_once(hall: Hall, tmp_path: Path, options: tuple[str, ...], at_once: int):
    running = [loaded(hall.path, "--json", "report", "due", *options) for _ in range(at_once)]
    answers = [ended(one) for one in running]
    written = [row["file"] for answer in answers for row in answer.document["written"]]
    spans = spans_in(hall, tmp_path / "reports")
    assert [(answer.status, answer.document["failed"]) for answer in answers] == [(0, [])] * at_once
    assert len(written) == len(set(written)) == len(spans) == len(set(spans))
    assert len([one for one in spans if one.period == "day"]) == 2


def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path: Path):
    hall = lived(tmp_path, 8)
    dice, folder = random.Random(4), tmp_path / "reports"
    for _ in range(4):
        running = loaded(hall.path, "report", "due")
        with suppress(subprocess.TimeoutExpired):
            running.wait(dice.uniform(0.0, 1.0))
        running.kill()
        ended(running)
    last = ended(loaded(hall.path, "--json", "report", "due"))
    spans = spans_in(hall, folder)
    assert last.status == 0
    assert len(spans) == len(set(spans))
    assert len([one for one in spans if one.period == "day"]) == 8
    # As a month begins the pack of the last one is due too, which is also a workbook.
    ends = {".pdf": b"%%EOF", ".xlsx": b"PK\5\6"}
    assert [path.name for path in folder.iterdir() if path.suffix not in ends] == []
    assert all(ends[path.suffix] in path.read_bytes()[-1200:] for path in folder.iterdir())
    assert process(hall.path, "--json", "report", "due").document == {"written": [], "removed": [], "failed": []}


def test_a_folder_that_is_gone_or_cannot_be_written_is_told_and_not_made(hall, tmp_path, due, here):
    disk = tmp_path / "disk"
    config.update_config({"reports_folder": str(disk)})
    answer = due()
    assert answer.status == 1
    (failed,) = answer.document["failed"]
    assert (failed["code"], failed["details"]) == ("cannot_write", {"path": str(disk)})
    assert str(disk) in failed["message"]
    assert not disk.exists()
    disk.mkdir()
    assert due().status == 0
    assert spans_in(hall, disk)
    (tmp_path / "file").write_text("")
    answer = here.say("report", "due", "--folder", tmp_path / "file")
    assert answer.status == 1
    assert answer.out.startswith("! ") and "cannot be written" in answer.out


def test_a_simulated_hall_writes_nothing_by_itself(tmp_path: Path, due: Callable[..., Answer]):
    lived(tmp_path, 2, hall={"code": "T", "name": "Test hall", "timezone": ZONE, "simulated": True})
    assert due("--gently").document["written"] == []
    assert due("--folder", tmp_path / "asked").document["written"]


def test_a_restored_database_gets_editions_of_what_it_tells_now(hall, tmp_path, due, here) -> None:
    day = TODAY.date() - timedelta(days=1)
    hall.clock.now = TODAY - timedelta(days=1) + timedelta(hours=3)
    here.say("backup", tmp_path / "copy.zip")
    hall.issue("A")
    due()
    hall.desk.db.dispose()
    assert here.say("restore", tmp_path / "copy.zip", "--yes").status == 0
    again = [row for row in due().document["written"] if row["period"] == "day"]
    assert [(row["from"], row["edition"]) for row in again] == [(str(day), 2)]


def test_the_newest_day_is_printed_once_on_no_guessed_printer_and_again_where_that_refused(
    since_yesterday, tmp_path, due
):
    """Nothing is printed twice after a process that died over the printer either."""
    config.update_config({"printer": f"png:{tmp_path / 'roll'}"})
    since_yesterday.do("set-setting", "report_print", "on")
    told = due()
    assert (told.status, [row["code"] for row in told.document["failed"]]) == (1, ["no_report_printer"])
    assert told.document["written"]
    assert not (tmp_path / "roll").exists()
    notes = since_yesterday.path.parent / "hall.sqlite-printed"
    assert not notes.exists()
    config.update_config({"db": "postgresql://pc@server/hall"})
    assert due().status == 0, "a PC that has joined leaves it to the others of its hall"
    tray = tmp_path / "tray"
    tray.write_text("no folder")
    config.update_config({"report_printer": f"png:{tray}"})
    refused = due()
    assert (refused.status, refused.document["failed"][0]["code"]) == (1, "printer_refused")
    tray.unlink()
    assert due().document == {"written": [], "removed": [], "failed": []}
    pages, newest = {path.name for path in tray.iterdir()}, f"{TODAY.date() - timedelta(days=1)}-day-T"
    assert f"{newest}-1.png" in pages
    assert all(name.startswith(newest) for name in pages)
    lines = filter(None, notes.read_text(encoding="utf-8").splitlines())
    assert [json.loads(line)["state"] for line in lines] == ["asked", "refused", "asked"]
    assert due("--folder", tmp_path / "elsewhere").document["written"], "another folder is filled"
    notes.write_text(notes.read_text(encoding="utf-8") + '{"report": "half a li', encoding="utf-8")
    assert due().status == 0
    assert {path.name for path in tray.iterdir()} == pages
