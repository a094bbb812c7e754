"""What stations borrow to print: a printer's trouble never undoes a ticket, and a receipt printer on the network is
used as it is.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from queuedesk.app.services import papers, printers
from queuedesk.app.services.papers import SlipAndReportPrinter, stand_in_made_at_first_use
from queuedesk.app.services.printers import (
    UncancelledPrintJobs,
    choose_printer,
    chosen_or_default_printer,
    fallback_printer_name,
    print_pdf,
    report_printer_choices,
)
from queuedesk.app.services.sounds import KioskSpeaker, StationSoundPlayer
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.setup.file import check_and_read_setup, setup_from_document
from queuedesk.core.setup.rows import hall_languages
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.i18n import error_sentence
from queuedesk.printing import escpos, spooler
from queuedesk.printing.qr import parse_ticket_code
from queuedesk.printing.spooler import NO_PRINTER, PICTURES
from queuedesk.voice import sound
from tests.bounded import Stopwatch, until
from tests.hall import DAY, at, make_hall, preset
from tests.printing.cups import cups
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_printer import VirtualPrinter


def test_the_chosen_printer_prints_at_once_a_code_that_can_be_read_and_a_second_copy_leaves_it_alone(paper, tmp_path):
    slips = f"{PICTURES}{tmp_path}/slips"
    choose_printer(slips)
    done = [paper.print_ticket(DAY.date(), "A001", **how) for how in ({}, {"printer": slips})]
    assert done == [{"printed": True, "printer": slips, "error": None, "warning": ""}] * 2
    print_pdf(paper.write_ticket_history_pdf(DAY.date(), "A001", tmp_path / "story.pdf"))
    assert chosen_or_default_printer() == slips
    names = sorted(file.name for file in (tmp_path / "slips").iterdir())
    assert names == ["A001-2.png", "A001.png", "story-1.png"]
    with Image.open(tmp_path / "slips" / "A001.png") as picture:
        codes = zxingcpp.read_barcodes(picture.convert("L"))
    assert parse_ticket_code(codes[0].text).label == "A001"


def slip_of(hall, label, **words):
    return papers.ticket_slip(looking.hall_state_on(hall.desk, DAY.date()), DAY.date(), label, hall.clock(), **words)


def test_a_slip_names_what_holds_for_its_ticket_with_windows_and_papers(hall):
    item = preset()["services"][1]["items"][0]
    slip = slip_of(hall, hall.issue("B", item=item["code"], klass="elderly"))
    assert (slip.lang, slip.hall, slip.label, slip.service) == ("zh_CN", "城东供电营业厅", "B001", "业务办理")
    assert (slip.item, slip.class_name, slip.window.number) == (item["name"], "老年人", "3\u2060–\u20606")
    assert [paper.name for paper in slip.papers] == [paper["name"] for paper in item["papers"]]
    hall.do("set-row", "classes", "elderly", {"staff_only": True})
    two_steps = slip_of(hall, hall.issue("A", then=["B"]))
    code = parse_ticket_code(two_steps.qr_text)
    assert (code.hall, code.date, code.label, code.token) == ("CD", DAY.date(), "A001", two_steps.token)
    assert two_steps.steps == ("电费缴纳", "业务办理，3\u2060–\u20606 号窗口")
    assert slip_of(hall, hall.issue("B", klass="elderly")).class_name is None, "a class that only staff choose"
    hall.open("5", "C5")
    window = slip_of(hall, hall.issue("C")).window
    assert (window.number, bool(window.zone)) == ("5", True), "only windows that are there today"
    with pytest.raises(RuleError, match="unknown_ticket"):
        slip_of(hall, "Z999")


def test_the_print_says_what_was_told_and_the_reprint_what_holds(hall):
    hall.open("1", "C1")
    first, second = hall.issue("A"), hall.issue("A")
    hall.call("1")
    assert slip_of(hall, first).ahead == 0
    assert (slip_of(hall, second).ahead, slip_of(hall, second, reprint=True).ahead) == (1, 0)


def test_it_is_made_once_by_whoever_first_asks_for_something_of_it() -> None:
    made: list[Path] = []

    def make() -> Path:
        made.append(Path("/halls/hall.sqlite"))
        return made[-1]

    service = stand_in_made_at_first_use(make)
    assert made == []
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _n: service.name, range(20))) == {"hall.sqlite"}
    assert len(made) == 1
    assert service.parent == Path("/halls")


def test_a_printers_trouble_is_told_and_undoes_no_ticket(paper, tmp_path, monkeypatch):
    """No printer, none that was chosen, one that is not there, and a folder that takes no picture."""
    monkeypatch.setenv("PATH", str(tmp_path))  # no print service
    done = paper.print_ticket(DAY.date(), "A001")
    assert (done["printed"], done["printer"], done["error"].code) == (False, None, "no_printer")
    choose_printer(NO_PRINTER)
    assert paper.print_ticket(DAY.date(), "A001")["error"].code == "no_printer"
    with pytest.raises(OutsideError, match="no_report_printer"):
        print_pdf(paper.write_ticket_history_pdf(DAY.date(), "A001", tmp_path / "story.pdf"))
    assert paper.print_papers_list("B", printer="TP-80")["error"].details == {"printer": "TP-80"}
    (tmp_path / "file").write_text("no folder")
    done = paper.print_papers_list("B", printer=f"{PICTURES}{tmp_path}/file")
    assert (done["printed"], done["error"].code) == (False, "printer_refused")


def test_a_pc_is_heard_from_its_first_sound_until_a_player_refuses_and_reads_aloud_where_something_plays(
    tmp_path, monkeypatch
):
    """It has neither its one player, which ends as is said, nor its sound card yet."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sound, "CARDS", tmp_path / "snd")
    for name in [name for name in os.environ if name.startswith("PULSE_")]:
        monkeypatch.delenv(name)
    (tmp_path / "snd").mkdir()
    player, card = tmp_path / "paplay", tmp_path / "snd" / "pcmC0D0p"

    def give_player(status: int = 0) -> None:
        player.write_text(f"#!/bin/sh\nexit {status}\n")
        player.chmod(0o755)

    silent, speech, before = StationSoundPlayer(on=False), KioskSpeaker(on=True), {*threading.enumerate()}
    silent.play("tick")
    silent.stop()
    assert "sounds" not in {thread.name for thread in {*threading.enumerate()} - before}, "it starts no player"
    assert silent.was_last_sound_heard() is False
    give_player()
    assert StationSoundPlayer(on=True).was_last_sound_heard() is False, "there is no output"
    card.touch()
    assert speech.can_speak() and not KioskSpeaker(on=False).can_speak()
    sounds = StationSoundPlayer(on=True)
    assert sounds.was_last_sound_heard() is None, "nobody knows yet"
    sounds.play("tick")
    until(lambda: sounds.was_last_sound_heard() is True)
    give_player(1)
    sounds.play("tick")
    until(lambda: sounds.was_last_sound_heard() is False)
    sounds.stop()
    player.unlink()
    assert StationSoundPlayer(on=True).was_last_sound_heard() is False
    assert not speech.can_speak(), "nothing plays"
    give_player()
    card.rename(card.with_name("pcmC0D0c"))
    assert not speech.can_speak(), "a microphone alone"
    monkeypatch.setenv("PULSE_SERVER", "tcp:192.168.1.50")
    assert speech.can_speak(), "it is heard elsewhere"


def test_the_list_of_papers_has_steps_fees_hours_and_the_date_of_the_list(hall):
    item = preset()["services"][1]["items"][0]
    set_calendar_days(hall.desk, hall.ask(), {"2026-11-27": {"kind": "holiday", "text": "盘点"}})
    changes = {"steps": "核对\n受理", "fees": "不收费", "papers_version": "3", "papers_date": "2026-11-01"}
    hall.do("set-row", "services", "B", changes)
    slip = papers.papers_slip(looking.setup_of_hall(hall.desk), "B", item["code"], at("9:00"))
    assert [paper.name for paper in slip.papers] == [paper["name"] for paper in item["papers"]]
    closed = "请注意：11月27日 周五 不开放（盘点）"
    assert slip.hours == ("每天 8:30\u2060–\u206017:30，17:00 停止取号", closed)
    slip = papers.papers_slip(looking.setup_of_hall(hall.desk), "B", None, at("9:00"))
    assert (slip.steps, slip.fees, slip.version) == (("核对", "受理"), ("不收费",), "2026年11月1日")


def test_a_hall_prints_and_speaks_the_languages_of_its_names_in_the_order_of_its_set_up():
    """The names of a preset are in both languages: the one it was set up in comes first, Chinese where nobody said."""
    both = setup_from_document(preset())
    english = {code: replace(service, name=service.name_en) for code, service in both.services.items()}
    lone = {code: replace(service, name_en="") for code, service in both.services.items()}
    assert hall_languages(both) == ("zh_CN", "en")
    assert hall_languages(replace(both, services=lone)) == ("zh_CN",)
    assert hall_languages(replace(both, hall=replace(both.hall, name="East Hall"), services=english)) == ("en",)
    for lang, spoken in ((None, ("zh_CN", "en")), ("zh_CN", ("zh_CN", "en")), ("en", ("en", "zh_CN"))):
        ready = setting_up.setup_document_for_new_hall(preset(), timezone="Asia/Shanghai", lang=lang)
        assert hall_languages(check_and_read_setup(ready)) == spoken


@pytest.fixture
def printer(monkeypatch):
    monkeypatch.setattr(escpos, "_answering", set())
    with VirtualPrinter() as one:
        yield one


@pytest.fixture
def told():
    return []


@pytest.fixture
def paper(tmp_path, qapp, told):
    hall = make_hall(tmp_path)
    hall.issue("A")
    return SlipAndReportPrinter(hall.desk, hall.clock, told.append)


def test_why_nothing_came_out_is_told_and_little_paper_is_a_warning_alone(paper, printer, told):
    printer.state = "paper_low"
    done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)
    assert (done["printed"], done["warning"], told) == (True, "paper_low", [None])
    for printer.state, cause in (("paper_out", "out_of_paper"), ("cover", "cover_open")):
        done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)
        error = done["error"]
        assert (done["printed"], error.code, error.details["cause"]) == (False, "printer_refused", cause)
        assert told[-1] == cause
        assert printers.printer_status(printer.choice) == {"cause": cause, "warning": ""}
    assert paper.print_ticket(DAY.date(), "A001", printer="escpos:net:")["error"].code == "no_printer"
    with pytest.raises(RuleError, match="bad_printer"):
        printers.choose_printer("escpos:net:")


def test_two_stations_of_a_pc_print_one_after_the_other(paper, printer):
    def give():
        paper.print_ticket(DAY.date(), "A001", printer=printer.choice)

    both = [threading.Thread(target=give) for _ in range(3)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [len(zxingcpp.read_barcodes(dots(slip))) for slip in printer.wait_for_slips(3)] == [1, 1, 1]


def test_a_cable_that_stays_in_use_is_not_waited_for_for_ever_and_a_slip_then_asks_nothing_more_of_it(
    paper, printer, told, monkeypatch
):
    """The printer would be waited for once more, and the answer would be lost with it."""
    printers.choose_printer(printer.choice)
    with Stopwatch() as took, printers.lock_receipt_printer(printer.choice):
        with pytest.raises(OutsideError) as refused, printers.lock_receipt_printer(printer.choice, 0.2):
            pass
        assert printers.watched_printer_status("") is None
    assert (refused.value.code, refused.value.details["cause"]) == ("printer_refused", "slow")
    assert took.s < 2
    assert printers.watched_printer_status("") == {"cause": "", "warning": ""}
    monkeypatch.setattr(printers.lock_receipt_printer.__wrapped__, "__defaults__", (0.2,))
    with printers.lock_receipt_printer(printer.choice), Stopwatch() as took:
        done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)
    assert (done["printed"], done["error"].details["cause"], told) == (False, "slow", ["slow"])
    assert took.s < 5


def report_in(folder: Path) -> Path:
    hall = make_hall(folder)
    hall.open("1", "C1")
    hall.issue("A")
    hall.serve_out("1")
    made = SlipAndReportPrinter(hall.desk, hall.clock).write_period_report("day", DAY.date(), folder / "day.pdf", "en")
    hall.desk.db.dispose()
    return made


@pytest.fixture(scope="module")
def report(tmp_path_factory, qapp) -> Path:
    return report_in(tmp_path_factory.mktemp("report"))


def tray(folder: Path, name: str) -> list[str]:
    return sorted(file.name for file in (folder / name).iterdir()) if (folder / name).exists() else []


def test_reports_go_to_their_own_printer_and_tickets_to_theirs(report, tmp_path):
    """Only the chosen pages; and what is written by hand says nothing of reports."""
    choose_printer(f"{PICTURES}{tmp_path}/roll")
    assert fallback_printer_name() == print_pdf(report) == f"{PICTURES}{tmp_path}/roll"
    printers.choose_report_printer(f"{PICTURES}{tmp_path}/office")
    before = tray(tmp_path, "roll")
    assert print_pdf(report) == f"{PICTURES}{tmp_path}/office"
    assert tray(tmp_path, "office") and tray(tmp_path, "roll") == before
    assert printers.chosen_or_default_printer() == f"{PICTURES}{tmp_path}/roll"
    assert report_printer_choices()["chosen"] == f"{PICTURES}{tmp_path}/office"
    assert config.load_config().printer == printers.chosen_or_default_printer()
    choose_printer(NO_PRINTER)
    assert fallback_printer_name() == ""
    assert print_pdf(report, pages=PrintedReportPagesChoice.SUMMARY) == f"{PICTURES}{tmp_path}/office"
    for pages in PrintedReportPagesChoice:
        print_pdf(report, f"{PICTURES}{tmp_path}/{pages}", pages=pages)
    summary, annex, whole = (tray(tmp_path, pages) for pages in PrintedReportPagesChoice)
    assert summary == ["day-1.png", "day-2.png"]
    assert annex == whole[: len(annex)] and len(summary) < len(annex)
    assert report.exists()


def test_where_no_printer_takes_sheets_it_is_told_where_to_choose_and_one_that_is_gone_is_named(
    report, tmp_path, monkeypatch
):
    nothing = {"names": [], "chosen": "", "usual": "", "pages": PrintedReportPagesChoice.SUMMARY}
    assert report_printer_choices() == nothing
    for receipts in ("", "escpos:net:127.0.0.1"):
        choose_printer(receipts)
        assert fallback_printer_name() == ""
        with pytest.raises(OutsideError, match="no_report_printer") as refused:
            print_pdf(report)
        assert "at the foot of Reports, On paper" in error_sentence(refused.value, "en"), "there stands the choice"
    monkeypatch.setenv("PATH", str(tmp_path))  # no print service
    printers.choose_report_printer("Office")
    with pytest.raises(OutsideError, match="no_printer") as refused:
        print_pdf(report, pages=PrintedReportPagesChoice.ANNEX)
    assert refused.value.details == {"printer": "Office"}
    assert report_printer_choices()["chosen"] == "Office"


@pytest.mark.waits
@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_slip_that_a_stopped_print_service_holds_is_discarded_or_told_of_when_it_runs_again(
    tmp_path, monkeypatch, is_restarted
):
    """Once while the station that gave it runs on, once by the station after it, which finds it printed."""
    jobs, slip, is_taken = UncancelledPrintJobs(), tmp_path / "slip.pdf", threading.Event()
    slip.write_bytes(b"%PDF-1.4 A017\n")

    def give() -> None:
        with jobs.note_job_if_refused("A017"):
            job = spooler.send_file_to_cups("Front", slip, "A017", ())
            is_taken.set()
            spooler.wait_until_printed_or_cancel("Front", job)

    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        server.says(server.add("Front"), "silent")
        stops = threading.Thread(target=lambda: is_taken.wait() and server.stop())
        stops.start()
        if is_restarted:
            monkeypatch.setattr(
                jobs, "start_discarding_print_jobs", lambda: None
            )  # its process ends before the print service is back
        with pytest.raises(OutsideError) as refused:
            give()
        stops.join()
        assert refused.value.details["cause"] == "no_spooler"
        if is_restarted:
            server.says("Front", "")
        server.start()
        if is_restarted:
            until(lambda: server.printed("Front") and not server.waiting("Front"))
            jobs = UncancelledPrintJobs()
            jobs.start_discarding_print_jobs()
        assert (until(jobs.take_late_print_titles), jobs.take_late_print_titles()) == (["A017"], [])
        assert server.waiting("Front") == []
        server.says("Front", "")
        give()
        assert len(server.printed("Front")) == 1 + is_restarted
        assert list(config.config_file().with_name("print-jobs").iterdir()) == []


def test_a_note_of_a_left_job_that_cannot_be_read_is_dropped(tmp_path):
    folder = config.config_file().with_name("print-jobs")
    folder.mkdir(parents=True)
    for name, text in (("1.left", "[1]"), ("2.left", "no JSON"), ("3.late", "{}")):
        (folder / name).write_text(text)
    jobs = UncancelledPrintJobs()
    with jobs.note_job_if_refused("A001"):
        assert jobs.take_late_print_titles() == []
    assert list(folder.iterdir()) == []
