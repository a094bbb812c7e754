"""What a process reports of itself, its printer and its voice."""

import shutil
from typing import Any

from PySide6.QtWidgets import QApplication

from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.services.printers import choose_printer
from queuedesk.app.station.wiring import Equipment
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.talk.device import Device
from queuedesk.i18n.queue.event_words import alert_words
from queuedesk.printing.choice import NO_PRINTER, PICTURES
from queuedesk.stations.window.context import InlineTasks
from tests.hall import DAY, Hall
from tests.printing.cups import cups
from tests.printing.virtual_printer import VirtualPrinter

PRINTER = ("printer", "K1")


def equipment(hall: Hall, qapp: QApplication, kind: str = "kiosk", name: str = "K1", **words: Any) -> Equipment:
    return Equipment(hall.desk, hall.clock, InlineTasks(), kind, name, **words)


def known(hall: Hall) -> dict[tuple[str, str], Device]:
    return hall.whole().devices


def test_the_second_of_a_name_on_one_pc_has_a_number_until_the_first_one_ends(hall, qapp):
    first, second, third = (equipment(hall, qapp) for _ in range(3))
    first.start()
    second.start()
    first.stop()
    third.start()
    assert [each.station_name_in_log for each in (first, second, third)] == ["K1", "K1#2", "K1"]
    assert {key: one.up_or_down for key, one in known(hall).items()} == {("kiosk", "K1"): "up", ("kiosk", "K1#2"): "up"}
    second.stop()
    third.stop()
    assert {one.cause for one in known(hall).values()} == {"stopped"}


def test_slips_tell_of_their_printer_and_one_that_failed_is_looked_at_until_it_is_ready_again(hall, qapp, tmp_path):
    """A PC without one has none to tell of."""
    one = equipment(hall, qapp, look_at_printer=printers.watched_printer_status)
    paper = SlipAndReportPrinter(hall.desk, hall.clock, one.report_print_result)
    label = hall.issue("A")
    choose_printer(NO_PRINTER)
    paper.print_ticket(DAY.date(), label)
    assert known(hall) == {}
    folder = tmp_path / "slips"
    choose_printer(f"{PICTURES}{folder}")
    paper.print_ticket(DAY.date(), label)
    assert known(hall)[PRINTER].is_up
    shutil.rmtree(folder)
    folder.write_text("in the way")
    paper.print_ticket(DAY.date(), label)
    assert known(hall)[PRINTER].cause == "printer_refused"
    folder.unlink()
    paper.print_papers_list("A")
    assert known(hall)[PRINTER].is_up
    shutil.rmtree(folder)
    one.start()
    one.report_print_result("printer_refused")
    one.send_heartbeat()
    assert known(hall)[PRINTER].cause == "printer_refused", "nobody can tell that it is ready"
    folder.mkdir()
    seq = hall.last().seq
    one.send_heartbeat()
    one.send_heartbeat()
    assert [(e.data["device"], e.data["state"]) for e in hall.log(seq)] == [("printer", "up")]
    one.stop()


def test_who_gives_tickets_knows_of_the_printer_before_the_first_one(hall, qapp):
    with VirtualPrinter() as printer:
        choose_printer(printer.choice)
        one = equipment(hall, qapp, look_at_printer=printers.watched_printer_status)
        seen: list[dict[str, str]] = []
        late: list[str] = []
        one.start()
        one.watch_printer(seen.append, late.extend)
        assert known(hall)[PRINTER].is_up
        printer.state = "cover"
        one.send_heartbeat()
        assert known(hall)[PRINTER].cause == "cover_open"
        printer.state = "paper_low"
        one.send_heartbeat()
        assert known(hall)[PRINTER].is_up
        one.stop()
    assert [one["cause"] for one in seen] == ["", "cover_open", ""]
    assert [one["warning"] for one in seen] == ["", "", "paper_low"]


def test_a_printer_of_the_system_stays_an_alert_until_a_slip_comes_out_or_its_queue_goes_on(
    hall, qapp, tmp_path, monkeypatch
):
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        choose_printer(server.add("Front"))
        one = equipment(hall, qapp, look_at_printer=printers.watched_printer_status)
        one.start()
        hall.open("1", "C1")
        for cause in ("slow", "printer_refused"):
            one.report_print_result(cause)
            one.send_heartbeat()
            assert known(hall)[PRINTER].cause == cause, "an idle queue does not know better"
        one.report_print_result("out_of_paper")
        (alert,) = (each for each in current_alerts(hall.whole(), hall.clock()) if each.kind == "device_down")
        words = alert_words(hall.whole(), alert, hall.clock(), "en")
        assert (words.fact, words.figures) == ("Printer (K1): out of paper", "out of order since 9:00. Put paper in")
        server.run("cupsdisable", "Front")
        one.send_heartbeat()
        assert known(hall)[PRINTER].cause == "paused"
        server.run("cupsenable", "Front")
        one.send_heartbeat()
        assert known(hall)[PRINTER].is_up
    one.send_heartbeat()
    assert known(hall)[PRINTER].cause == "no_spooler"
    one.stop()


def test_while_the_hall_is_away_nothing_fails(hall, qapp):
    one = equipment(hall, qapp)
    one.start()
    away = hall.path.with_name("away")
    hall.path.rename(away)
    one.send_heartbeat()
    one.report_print_result("offline")
    one.report_voice_status(None)
    one.stop()
    away.rename(hall.path)
    assert list(known(hall)) == [("kiosk", "K1")]


def test_a_counter_is_no_device_but_its_printer_is_until_it_is_given_up(hall, qapp):
    counter = equipment(hall, qapp, "counter", "counter-3", look_at_printer=printers.watched_printer_status)
    counter.start()
    counter.report_print_result("offline")
    choose_printer(NO_PRINTER)
    counter.send_heartbeat()
    counter.stop()
    assert {key: one.cause for key, one in known(hall).items()} == {("printer", "counter-3"): "stopped"}
    name = equipment(hall, qapp, "display", "display-east/west #1").station_name_in_log
    assert name == "display-east west  1", "a name has no sign of another meaning"
