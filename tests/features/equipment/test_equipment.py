"""The hall's equipment: checked before windows open, on the manager's screen, and in a day's report."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from queuedesk import paths
from queuedesk.app.services.speaking import VoiceTester
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import ReadScope, actor_of_station
from queuedesk.core.network.sharing import PcKind, SharedPc
from queuedesk.core.queue.overview import current_alerts
from queuedesk.core.setup.file import check_and_read_setup, setup_from_document
from queuedesk.core.talk.device import CheckWaiver, DeviceCheck, is_opening_check_required_in_hall
from queuedesk.desk import looking, reading, setting_up
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import calling, opening
from queuedesk.desk.talk import announcing, devices, messaging
from queuedesk.desk.upkeep import clocks
from queuedesk.features.equipment import verbs
from queuedesk.features.equipment.pages import page as words
from queuedesk.features.equipment.pages.page import EquipmentTableRow, text_line_columns
from queuedesk.i18n import LANGUAGES
from queuedesk.reports.figures.period import DayReport, read_day_report
from queuedesk.reports.pages.day_page import day_report_pdf
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableRows
from queuedesk.stations.manager.today.alert_words import set_aside_events_alerts
from queuedesk.stations.window.context import StationServices
from queuedesk.stations.window.style import Look
from tests.core.added import all_but, program_of
from tests.desk.stage import DISPLAY, VOICE, start
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.event_cases import cases, put_in
from tests.golden.kept import must_be_kept
from tests.hall import GUIDE, MANAGER, Hall, at, clerk, make_hall, refused, simple_hall, simple_setup
from tests.reports.days import DAY
from tests.reports.read_back import english
from tests.reports.test_figures import quiet  # noqa: F401
from tests.reports.test_figures import said as findings
from tests.reports.test_pages import (
    annex,
    desk,  # noqa: F401
    made_up,
    pages,
    read,  # noqa: F401
)
from tests.stations.seen import said
from tests.stations.stubs import Late, lend


def report(hall, *steps: str | float) -> None:
    """Let devices report one after the other: a station that it runs, what hangs on one that it works, or why not, as
    in "printer K1 jammed"; minutes pass between them."""
    for step in steps:
        if not isinstance(step, str):
            hall.clock.move(minutes=step)
            continue
        device, name, *causes = step.split()
        ask, cause = Ask(actor_of_station(name), hall.clock()), causes[0] if causes else None
        if device in ("printer", "voice", "screen", "media"):
            devices.record_device_state(hall.desk, ask, device, name, cause)
        else:
            (devices.record_station_stop if cause else devices.record_station_start)(hall.desk, ask, device, name)


@pytest.fixture
def office(office, context):
    lend(context, voice_trials=VoiceTester())
    return office


@pytest.fixture
def page(office):
    office.go("equipment")
    return office.page.stack.get_or_make_page("equipment")


def open_tab(office, page, name: str) -> None:
    office.touch(page.tabs.findChild(QWidget, f"tab-{name}"))


def later(office, **span: float) -> None:
    office.follow()
    office.later(**span)


def looks_as(page, moment: str) -> None:
    must_be_kept(Path(__file__).with_name("pages.txt"), "\n".join(said(page)), moment, paths.data_folder())


def texts(shown: RecordList[EquipmentTableRow]) -> list[tuple[str, ...]]:
    return [line.cells for line in shown.table.rows.rows]


def down_in(office) -> list[str | None]:
    """Return the devices of which an alert says that they don't work."""
    found = current_alerts(office.page.context.feed.state, office.hall.clock())
    return [one.device for one in found if one.kind == "device_down"]


def tell(hall, nth: int, **what) -> int:
    """Let the voice report of the nth call of the day; return its place in the log."""
    calls = [event.seq for event in looking.events_after(hall.desk, 0) if event.kind in ("call", "recall")]
    given = {"link": "pyttsx3", "text": "Ticket …", "sound_ms": 8200, "delay_ms": 400} | what
    announcing.record_call_announcement_result(
        hall.desk, calls[nth], "display", hall.clock() + timedelta(seconds=1), **given
    )
    return calls[nth]


def test_what_is_out_of_order_stands_first_until_it_is_no_longer_in_use(office, page, hall):
    report(hall, "display display", "rating rating-3", "rating rating-3 stopped", 5, "printer K1 out_of_paper")
    later(office, minutes=2, seconds=30)
    looks_as(page, "what is out of order stands first")
    signs = [(line.icon, line.token) for line in page.devices.table.rows.rows]
    assert signs == [("warning", "amber"), ("check", "primary"), ("minus", "ink2")]
    report(hall, "printer K1 offline")
    later(office, days=8)
    looks_as(page, "what was down for a week is no longer in use")


def test_what_goes_by_the_name_of_the_pc_that_shared_stands_there_once(hall):
    report(hall, "display display", "printer display out_of_paper", 5, "printer display", 5)
    report(hall, "display display@Front", "printer display@Front", 1, "display display@Back", 1)
    state, now = looking.hall_state_now(hall.desk, hall.clock()), hall.clock()
    assert [(line.key, line.cells[1], line.cells[3]) for line in words.device_table_rows(state, hall.date, now)] == [
        (("display", "display@Back"), "works", ""),
        (("display", "display@Front"), "works", ""),
        (("printer", "display@Front"), "works", "1 time, 5 min 00 s"),
    ]
    (outage,) = words.outage_table_rows(state, hall.date, now)
    assert outage.cells[0] == words.talk.device_name("printer", "display@Front")


def test_each_device_has_its_words_and_what_its_checks_came_to(office, page, hall):
    report(hall, "line line-3", "display display-2", "screen display-2", "media display")
    later(office, seconds=5)
    looks_as(page, "each kind of device has its words")
    # A hall that wants checks sees what they came to.
    report(hall, "display display", "display display-2", "voice display", "plate plate-3")
    later(office, seconds=5)
    assert page.devices.table.rows.columnCount() == 4
    setting_up.change_setting(hall.desk, hall.ask(), "opening_checks", "on")
    verbs.record_device_check(hall.desk, hall.ask(MANAGER), "display", "display")
    verbs.record_device_check(hall.desk, hall.ask(MANAGER), "voice", failed="too quiet")
    later(office, seconds=5)
    page = office.page.stack.get_or_make_page("equipment")
    looks_as(page, "a hall that wants checks sees what they came to")


def test_what_was_said_of_each_call_of_the_day_and_what_became_of_its_devices(office, page, hall, context):
    tell(hall, 0, link="clips", delay_ms=300)
    tell(hall, 1, link=None, cause="too_many", sound_ms=0)
    # The page says what this PC speaks by and where its clips are.
    open_tab(office, page, "voice")
    looks_as(page, "what this PC speaks by, and by what each call was said")

    # What stayed silent says why and can be seen alone.
    office.touch(page.silent_pill)
    looks_as(page, "what stayed silent alone")
    (row,) = page.calls.table.rows.rows
    assert (row.icon, row.token) == ("speaker-off", "amber")
    assert {fact.title: fact.token for fact in page.facts.facts}["Today"] == "amber"

    # What is said while the page is open comes on top.
    office.touch(page.all_pill)
    hall.queue("A", minutes_apart=1)
    called = hall.call("2")
    later(office, seconds=6)
    assert texts(page.calls)[0][1:] == (called, "2", "not reported", "", "", "")

    # A notice that was read aloud stands among the calls.
    tell(hall, -1)
    seq = messaging.push_notice(hall.desk, hall.ask(), "今天 16:30 停止取号")["seq"]
    announcing.record_call_announcement_result(
        hall.desk, seq, "display", hall.clock(), link="espeak-ng", text="今天 16:30 停止取号"
    )
    later(office, seconds=6)

    # A recall stands apart from its call.
    hall.clock.move(seconds=30)
    calling.recall_customer(hall.desk, hall.ask(), "2")
    later(office, seconds=6)
    looks_as(page, "a notice and a recall among the calls")

    # A call said too late is amber.
    assert page.calls.table.rows.rows[0].token != "amber"
    tell(hall, -1, delay_ms=16_000)
    later(office, seconds=6)
    assert page.calls.table.rows.rows[0].token == "amber"

    # The way leads to the voice in the set-up.
    office.touch(page.set_up_button)
    assert office.page.stack.front_page_key() == "setup"
    assert office.page.setup_page.forms.shown_form() is office.page.setup_page.forms.form_for_key("voice")

    # What became of the devices: a hall whose devices never reported says how they come.
    office.go("equipment")
    page = office.page.stack.get_or_make_page("equipment")
    open_tab(office, page, "devices")
    looks_as(page, "a hall whose devices never reported")

    # What somebody switched off is no outage.
    report(hall, "kiosk K1", "kiosk K1 stopped")
    later(office, seconds=5)
    looks_as(page, "what somebody switched off is no outage")

    # Outages of the day are told with length and cause, the newest first.
    report(hall, "printer K1 cover_open", 3, "printer K1", "voice display", 1 / 60, "voice display no_sound")
    later(office, seconds=40)
    looks_as(page, "outages of the day, and no key that only an admin has")
    assert "voice" in down_in(office)


def test_recordings_that_are_missing_or_broken_are_told_and_a_pc_without_voice_or_player():
    whole = {"there": ["请"], "missing": [], "unreadable": []}
    broken = {"there": ["请", "号"], "missing": ["A"], "unreadable": ["A.wav"]}
    facts = [words.voice_clips_fact({"folder": "/clips", "clips": {"zh_CN": clips}}) for clips in (whole, broken)]
    facts += words.pc_voice_facts({"links": {"pyttsx3": []}, "player": None})
    assert [(fact.text, fact.token) for fact in facts] == [
        ("中文: 1 sound in /clips", "ink"),
        ("中文: 2 sounds · 1 missing · can't be read: A.wav in /clips", "amber"),
        ("Nothing on this PC can speak. · no program that plays sound", "amber"),
    ]


def test_a_voice_that_is_down_is_amber_and_one_press_says_that_the_hall_has_no_loudspeaker(admin_office, hall):
    office = admin_office
    lend(office.page.context, voice_trials=VoiceTester())
    office.go("equipment")
    page = office.page.stack.get_or_make_page("equipment")
    # A voice that is down is amber with its cause.
    report(hall, "voice display")
    office.follow()
    assert not page.silence_button.isVisible()
    report(hall, 1 / 60, "voice display no_voice")
    later(office, seconds=5)
    open_tab(office, page, "voice")
    looks_as(page, "a voice that is down")
    assert page.facts.facts[0].token == "amber"
    # One that was never heard is out of order.
    report(hall, "voice display", 1, "voice display no_sound")
    later(office, seconds=40)
    assert page.facts.facts[0].text.startswith("nothing can be heard · since ")
    open_tab(office, page, "devices")
    looks_as(page, "a voice that was never heard")
    assert down_in(office) == ["voice"]
    office.touch(page.silence_button)
    office.follow()
    assert not looking.setup_of_hall(hall.desk).voice.spoken
    assert office.page.toast.text().startswith("Calls are only shown from now on.")
    page = office.page.stack.get_or_make_page("equipment")
    looks_as(page, "a hall without a loudspeaker")
    assert down_in(office) == []
    open_tab(office, page, "voice")
    looks_as(page, "calls are only shown")


def line(key: int, second: str = "") -> EquipmentTableRow:
    return EquipmentTableRow(key, (str(key), second))


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ([line(4), line(3), line(2), line(1)], ["inserted 0-1"]),
        ([line(2, "said"), line(1)], ["changed 0"]),
        ([line(9)], ["reset"]),
    ],
)
def test_a_table_tells_only_what_changed(qapp, shown, told):
    columns = partial(text_line_columns, ["One", "Two"])
    spec = RecordPageSpec[EquipmentTableRow](
        name=str, icon="", columns=lambda _context: columns(), key=lambda one: one.key
    )
    model, heard = TableRows(Look(), spec, columns), []
    model.show_rows([line(2), line(1)])
    model.modelReset.connect(lambda: heard.append("reset"))
    model.rowsInserted.connect(lambda _parent, first, last: heard.append(f"inserted {first}-{last}"))
    model.dataChanged.connect(lambda one, _other: heard.append(f"changed {one.row()}"))
    model.show_rows(shown)
    assert heard == told
    assert [model.data(model.index(at, 1)) for at in range(model.rowCount())] == [one.cells[1] for one in shown]


def test_a_silent_pc_and_whoever_was_refused_are_told(hall, office, context):
    # A PC that shares the hall and is silent stands on top.
    now = hall.clock()
    row = {"hall": "BJ", "kind": PcKind.STAFF, "made": now - timedelta(hours=1), "made_by": "M1", "withdrawn": None}
    pcs = [
        SharedPc(role="r1", name="window 3", seen=now, **row),
        SharedPc(role="r2", name="window 4", seen=now - timedelta(minutes=5), **row),
        SharedPc(role="r3", name="window 5", seen=None, **row),
    ]
    context.services = StationServices(sharing=SimpleNamespace(pcs_of_hall=lambda: pcs))
    report(hall, "display display")
    office.follow()
    office.go("equipment")
    page = office.page.stack.get_or_make_page("equipment")
    looks_as(page, "a PC that shares the hall and is silent stands on top")
    # Who was refused is told the latest first.
    open_tab(office, page, "refused")
    looks_as(page, "nobody was refused")
    with pytest.raises(RuleError):
        reading.require_right_to_read(hall.desk, clerk("C1"), ReadScope.FIGURES, hall.clock())
    with pytest.raises(RuleError):
        clocks.end_today(hall.desk, Ask(GUIDE, hall.clock()))
    office.later(minutes=1)
    looks_as(page, "two were refused")
    # Signs that nobody read while another page was open are not held against a PC.
    context.tasks = Late()
    office.go("today")
    office.later(minutes=6)
    office.go("equipment")
    assert [cells[:2] for cells in texts(page.devices)][:2] == [("PC window 4", "silent"), ("PC window 3", "connected")]


def test_an_outage_and_an_event_that_cannot_be_read_lead_here_from_today(office):
    hall, view = office.hall, office.page
    for kind in {alert.kind for alert in current_alerts(view.hall_state, hall.clock())}:
        hall.do("ack", kind)
    report(hall, "printer K1 out_of_paper")
    office.follow()
    office.touch(next(one for one in view.today.alerts.strips if "Printer" in one.title()).button())
    page = view.stack.get_or_make_page("equipment")
    assert view.stack.front_page_key() == "equipment"
    assert page.devices.table.rows.rows[0].cells[:3] == ("Printer (K1)", "out of paper", "9:30")
    office.go("today")
    strange = next(case.event for case in cases() if case.name == "a kind of a later program")
    put_in(hall.desk.db, 1, [strange], hall.clock())
    hall.issue("A")
    office.follow()
    (told,) = set_aside_events_alerts(view.hall_state)
    view.ways.open_target(told.place)
    assert view.stack.front_page_key() == "equipment" and not page.aside.isHidden()
    assert f"everything else continues: no. {hall.length() - 1} (of a kind" in page.aside.text()


def begun(folder: Path) -> Hall:
    """A hall that asks for checks, its display running, its voice and the guide's printer known to work."""
    hall = simple_hall(folder, settings={"opening_checks": "on"})
    start(hall, DISPLAY)
    for device, name in (VOICE, ("printer", "guide")):
        devices.record_device_state(hall.desk, hall.ask(actor_of_station(name)), device, name, None)
    return hall


@pytest.mark.hall(make=begun)
def test_what_happened_elsewhere_needs_no_check(hall: Hall) -> None:
    with refused(hall, "checks_missing"):
        hall.do("open", "2", staff="C2")
    opening.open_window(hall.desk, replace(hall.ask(), recorded=True), "2", staff="C2")
    assert hall.whole().windows["2"].state == "open"


@ON_BOTH_ENGINES
@pytest.mark.hall(make=begun)
def test_a_trial_is_shown_by_its_display_and_said_by_its_voice_and_goes_with_its_date_as_checks_do(hall: Hall) -> None:
    now = hall.clock()
    hall.do("try", "voice", text="试音", text_en="A test", who=clerk("C1"))
    hall.do("try", "display", text="试屏")
    state = looking.hall_state_now(hall.desk, now)
    spoken, shown = state.pushed
    assert (spoken.text, spoken.text_en, spoken.display, spoken.spoken) == ("试音", "A test", "display", True)
    assert (shown.text, shown.display, shown.spoken) == ("试屏", "display", False)
    assert [spoken.is_shown_at(now + timedelta(seconds=s)) for s in (0, 29, 31)] == [True, True, False]
    assert state.checks == []  # a trial is no judgement
    hall.do("check", "voice")
    state = looking.hall_state_now(hall.desk, now)
    assert len(state.checks) == 1
    state.drop_closed_records_before(hall.date + timedelta(days=1))
    assert state.checks == [], "a station forgets those of earlier dates"
    with refused(hall, "bad_value"):  # what a clerk has said is short: it is no announcement
        verbs.try_device(hall.desk, hall.ask(clerk("C1")), "voice", text="x" * 101)
    hall.do("day-end")
    assert hall.whole().pushed == [], "they end with the date"
    hall.must_follow_from_its_log()


def test_without_the_folder_that_lets_people_check_no_window_waits_for_it() -> None:
    setup = setup_from_document(simple_setup(settings={"opening_checks": "on"}))
    assert is_opening_check_required_in_hall(setup)
    with program_of(all_but("equipment")):
        assert not is_opening_check_required_in_hall(setup)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_of_a_day_in_which_there_is_something_of_everything(read: DayReport, lang: str) -> None:  # noqa: F811
    with pypdfium2.PdfDocument(day_report_pdf(made_up(read), lang, "M1")) as found:
        texts = [page.get_textpage().get_text_range() for page in found]
    assert lang == "en" or english(" ".join(texts)) == []
    must_be_kept(Path(__file__).with_name("golden") / f"day-{lang}.txt", "\n\n".join(texts))


def check(device: str, cause: str | None = None) -> DeviceCheck:
    passed, moment = cause is None, at("8:05")
    return DeviceCheck(seq=1, date=DAY, time=moment, device=device, station="", passed=passed, cause=cause, by="M1")


def test_what_was_found_and_what_was_waived_stands_under_the_equipment(read: DayReport) -> None:  # noqa: F811
    missing, why = ("printer", "voice"), "being_mended"
    waiver = CheckWaiver(seq=9, date=DAY, time=at("8:20"), window="3", staff="C3", reason=why, missing=missing, by="C3")
    looked_at = replace(read, checks=(check("display"), check("printer", "jammed")), waivers=(waiver,))
    page = annex(looked_at)
    for line_said in (
        "Checks at opening",
        "Works: Display (8:05, Zhao Qiang)",
        "Does not work: Printer (8:05, Zhao Qiang), The paper is jammed",
        "Window 3 opened at 8:20 by Wang Fang without Printer, Voice: It is being repaired",
    ):
        assert line_said in page
    chinese = "".join(pages(looked_at, "zh_CN")).replace(" ", "")
    assert "3号窗口8:20由王芳免检开窗，没检查打印机、语音：正在修" in chinese


def test_the_report_reads_checks_and_waivers_of_the_log(tmp_path: Path) -> None:
    hall = make_hall(tmp_path, settings={"opening_checks": "on"})
    hall.play("check voice", "open 1 staff=C1 waive=not_today")
    found = read_day_report(hall.desk, hall.clock().date(), hall.clock())
    assert [one.device for one in found.checks] == ["voice"]
    assert [list(one.missing) for one in found.waivers] == [["display", "printer"]]


@pytest.mark.parametrize(
    ("minutes", "cause", "is_said"),
    [(9.5, "out_of_paper", False), (12.0, "out_of_paper", True), (12.0, "stopped", False)],
)
def test_equipment_that_did_not_work_is_said_with_its_cause(quiet, minutes, cause, is_said):  # noqa: F811
    outage = {"from": "13:42", "to": "13:54", "cause": cause, "minutes": minutes}
    device = {"device": "printer", "station": "guide", "outages": [outage]}
    found = findings(quiet, measures=quiet.figures["measures"] | {"devices": [device]})
    assert found == (["Printer (Front desk) did not work for 12 min: out of paper."] if is_said else [])
    document = quiet.setup.document
    without = check_and_read_setup({**document, "hall": {**document["hall"], "features": []}})
    assert findings(replace(quiet, setup=without)) == []
