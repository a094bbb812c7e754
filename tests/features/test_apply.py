"""Events applied one after the other come to the same hall, in memory as in the tables, whatever happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.log.apply import CHANGES, apply
from queuedesk.core.log.event import QUEUE_KINDS, SHAPES
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, Role, station
from queuedesk.core.quality.case import Verdict
from queuedesk.desk import looking
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.talk import devices
from queuedesk.features.appointments.verbs import Wish
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Act, needs_of
from tests import whole_halls
from tests.features.added import own_kinds
from tests.features.projects.rows import whole_project
from tests.hall import Hall, at, made_once, simple_hall

# What changes nothing but the hall's counters.
NOTHING_ELSE = {"clock", "enter", "indicators", "drumming", "texts", "notes", "slip"}


def begun(folder: Path) -> Hall:
    """A day in which every kind of event happened."""
    hall = simple_hall(folder, settings={"overnight": "early_place"})
    do = hall.do
    do("sign-in", "guide", "G1")
    do("not-ready", "A", guide="G1")
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.queue("A", "A", "A", "A", "A", "A", "B", "B", "A", "A", minutes_apart=1)
    do("pause", "3", reason="tea", minutes=5)
    do("pause", "3", reason="tea", minutes=9)
    hall.clock.move(minutes=2)
    do("resume", "3")
    do("lend", "1", "C")
    do("decline", "lend:1:B")
    hall.call("1")
    do("recall", "1")
    do("miss", "1")
    do("call", "1", ticket="A004", reason="child")
    do("return", "1", reason="wrong button")
    hall.call("1")
    do("start", "1")
    do("stall", "1", reason="system")
    hall.clock.move(minutes=2)
    do("unstall", "1")
    do("add", "1", "B")
    do("park", "1", reason="form")
    hall.clock.move(minutes=3)
    do("unpark", "1", "A002")
    do("finish", "1", outcome="done", note="so", delivered=["A:2"])
    do("reinstate", "A001")
    do("postpone", "A004")
    do("need", "A004", "deaf")
    do("fetched", "A004")
    do("leave", "A005")
    do("void", "A006", reason="twice")
    do("defer", "A008")
    do("redirect", "C", ticket="B001")
    do("call", "3", ticket="B001", reason="first here")
    do("transfer", "3", "A", place="front", to_window="1", reason="long way")
    hall.serve_out("1")
    do("reopen", "1")
    do("finish", "1")
    do("rate", "B001", 5, attitude=4, competence=5)
    do("reasons", "B001", tags=["other"], comment="谢谢")
    do("serve", "3", "C", reason="no ticket")
    do("finish", "3")
    hall.call("3")
    hall.call("1")
    do("correct", "B001", changes={"note": "forgotten"}, reason="late")
    do("offer", "A", to="bank")
    do("set-total", "bank", "2026-10", "A", 3)
    do("set-total", "bank", "2026-10-31", "B", 4)
    do("set-total", "bank", "2026-10", "A", None)
    do("opinion", 2, tags=["waited_long"])
    do("comment-read", do("comment", "no chairs", klass="complaint")["comment"])
    do("book", Wish(service="B", at=at("14:00"), name="Hu Min"))
    do("call-off", hall.last().seq, reason="ill")
    do("push", "Fire drill")
    do("push", "No power in zone A")
    do("withdraw", hall.last().seq)
    do("push", "At ten", begins=at("23:00"), spoken=True)
    do("emergency", "Leave the hall")
    do("emergency", "Stay where you are")
    do("end-emergency")
    do("message", "1", "Please come over", origin="guide")
    do("message-seen", hall.last().seq)
    do("message", "all", "We close early", text_en="x")
    do("message-seen", hall.last().seq, who=Actor("G1", Role.GUIDE))
    forum = do("forum", hall.date, 9, about="Bills", issues=["Too long at noon"])["forum"]
    do("forum-issue", forum, "No seats")
    do("forum-case", forum, 1)
    do("thanks", "C1", words="So patient")
    do("thanks-seen", hall.last().seq)
    do("thanks", "C1", source="comment")
    disputed = do("sheet-dispute", "C1", "praise", str(hall.last().seq), "Not said to me")["dispute"]
    do("sheet-decide", disputed, "It was C2", exclude=True, who=Actor("M1", Role.MANAGER))
    told = do("briefing", ["Fees changed"], ["New fees"])["briefing"]
    do("briefing-read", told, who=Actor("G1", Role.GUIDE))
    said = [{"item": n, "state": "good"} for n in (1, 2, 3)] + [
        {"item": 4, "state": "lacking", "why": [1], "words": "x"}
    ]
    do("opening", "closing", said, who=Actor("G1", Role.GUIDE))
    for service in "AB":
        do("wording", service, "交费", "Pay here")
    do("wording-end", hall.last().seq, use=True)
    do("add-row", "notices", {"text": "缴费"})
    do("wording-notice", 1, "请付费", services=["C"])
    do("training", "Bills", 30, ["C1", "C3"], led="M1", need=("transfers", "A"))
    do("training", "Twice", 30, ["C1"])
    do("training-drop", hall.last().seq)
    rows = [Act("transfers", hall.date, f"A{n}", f"C{n % 3}", "A", "", int(n % 3 == 1)) for n in range(180)]
    found = needs_of(hall.date, hall.date, rows)
    [seq] = verbs.note_named(hall.desk, hall.ask(), found, ("transfers", "A"), reason="coach")["named"]
    do("training-seen", seq, who=Actor("C1", Role.CLERK))
    do("sheet-close", who=Actor("M1", Role.MANAGER))
    do("help", "1", about="An argument")
    do("help-ack", hall.last().seq)
    do("help-arrived", hall.last().data["ack"])
    do("help", who=station("K1"))
    do("help-cancel", hall.last().seq, reason="mistake", who=station("K1"))
    do("help", "kiosk")
    do("card-start", "crowd")
    opened = hall.last().seq
    do("card-tick", opened, 1)
    do("card-tick", opened, 3)
    do("card-untick", opened, 1)
    do("card-end", opened, note="calm again")
    do("card-start", "power")
    seq = do("inspect-plan", hall.date, "window", "mystery", visitor=2)["inspection"]
    do("inspect-start", seq)
    do("inspect-tie", seq, "A001", claimed_s=300)
    for item in range(1, 9):
        do("inspect-score", seq, item, None if item == 3 else 0)
    do("inspect-score", seq, 1, 2, reasons=[1], photo="photos/1.jpg")
    do("inspect-sign", seq)
    do("fix-prove", do("fix-add", "No name plate", "C1", inspection=seq, item=1)["rectification"], "a photo")
    whole_project(hall)
    do("add-note", "weather", "hail")
    do("add-note", "other", "mistaken")
    do("remove-note", hall.last().seq, reason="mistaken")
    number = do("case-open", Complaint(klass="complaint", ticket="B001", words="Too slow", owner="M1"))["number"]
    do("case-act", number, "Another window")
    do("case-call-back", number, reached=True, verdict=Verdict.DISSATISFIED)
    do("case-owner", number, "AD")
    do("case-note", number, "Was in a hurry")
    do("case-cite", number, "B001")
    console = hall.ask()
    devices.started(hall.desk, console, "display", "display")
    devices.report(hall.desk, console, "printer", "K1", "offline")
    devices.report(hall.desk, console, "printer", "K1", None)
    hall.clock.move(minutes=20)
    devices.find_lost(hall.desk, hall.ask())
    do("raise-due")
    do("ack", "long_wait")
    do("set-setting", "crowd", 9)
    do("set-setting", "opening_checks", "on")
    do("try", "voice", text="test")
    do("check", "voice")
    do("check", "printer", failed="jammed")
    do("open", "2", staff="C2", waive="being_mended")
    do("close", "2")
    do("sign-out", "guide")
    do("sign-in", "manager", "M1")
    do("day-end")
    do("open", "3", staff="C3", waive="other")
    do("close", "3")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def test_the_day_holds_every_kind_of_event(hall: Hall) -> None:
    assert {event.kind for event in hall.log()} == own_kinds() - NOTHING_ELSE - {"restore", "set-right"}


def test_every_kind_has_its_change() -> None:
    assert set(CHANGES) == SHAPES.keys() - NOTHING_ELSE
    assert set(CHANGES) >= QUEUE_KINDS


def test_the_tables_follow_from_the_log(hall: Hall) -> None:
    hall.must_follow_from_its_log()


def test_a_station_that_follows_comes_to_what_the_tables_hold(hall: Hall) -> None:
    """Event by event from the log's start; those who were passed at one call are a set."""
    with hall.desk.db.read() as tx:
        whole = whole_halls.whole(tx, 1)
    state = HallState()
    for event in hall.log():
        apply(event, state)

    state.overtakes.sort(key=lambda o: (o.seq, o.label))

    assert whole.overtakes
    assert whole_halls.differences(whole, state) == []


def test_the_day_of_a_screen_is_that_of_the_tables(hall: Hall) -> None:
    screen = looking.hall_now(hall.desk, hall.clock())
    whole = hall.whole()

    assert (screen.tickets, screen.calls, screen.series, screen.shifts) == (
        whole.tickets,
        whole.calls,
        whole.series,
        whole.shifts,
    )
