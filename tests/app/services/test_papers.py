"""What stations borrow: printing never undoes a ticket, and a PC without a printer says so."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from queuedesk.app.services import papers
from queuedesk.app.services.papers import SlipAndReportPrinter, stand_in_made_at_first_use
from queuedesk.app.services.printers import choose_printer, chosen_or_default_printer, print_pdf
from queuedesk.app.services.sounds import KioskSpeaker, StationSoundPlayer
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.setup.file import check_and_read_setup, setup_from_document
from queuedesk.core.setup.rows import hall_languages
from queuedesk.desk import looking, setting_up
from queuedesk.desk.calendaring import set_calendar_days
from queuedesk.printing.choice import NO_PRINTER, PICTURES
from queuedesk.printing.qr import parse_ticket_code
from queuedesk.voice import sound
from tests.bounded import until
from tests.hall import DAY, at, make_hall, preset


@pytest.fixture
def paper(tmp_path, qapp):
    hall = make_hall(tmp_path)
    hall.issue("A")
    return SlipAndReportPrinter(hall.desk, hall.clock)


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
