"""A day in a hall of many PCs: each acts with the credential of its kind, and needs no more than that gives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.improvement.project import ComparedDateSpans, EffectFigure, ResultingStandard, StandardContent
from queuedesk.core.network.roles import CUSTOMER, HALL, actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import improvement, looking, network
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.improvement import all_project_standards
from queuedesk.desk.quality import casework
from queuedesk.desk.queue import issuing, sign_in_and_pins
from queuedesk.desk.talk import announcing, devices, messaging
from queuedesk.desk.upkeep import clocks, examining, maintenance
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.projects.rules import EffectVerdict, PlannedMeasure
from queuedesk.features.projects.verbs import telling
from queuedesk.features.staff.papers import own_work_xlsx
from queuedesk.features.staff.rules.person_sheet import NOT_HERE
from queuedesk.features.staff.verbs import month_sheets, own_work
from queuedesk.features.why_come.verbs import where_else_advice
from queuedesk.features.wording import verbs as wording
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.schema import pins
from queuedesk.store.upkeep.pack import BackupArchive
from tests.credentials import Shared, denied, shared
from tests.features.projects.rows import judged_project
from tests.hall import ADMIN, DAY, GUIDE, MANAGER, Hall, clerk

KIOSK, DISPLAY = actor_of_station("kiosk"), actor_of_station("display")


@pytest.fixture
def public(place: Shared) -> Hall:
    return place.hall(place.pc(PcKind.PUBLIC))


@pytest.fixture
def staff(place: Shared) -> Hall:
    return place.hall(place.pc(PcKind.STAFF))


@pytest.fixture
def manager(place: Shared) -> Hall:
    return place.hall(place.pc(PcKind.MANAGER))


def test_a_day_from_the_kiosk_to_the_rating(place, public, staff, manager):
    staff.do("sign-in", "guide", "G1", who=GUIDE)
    staff.do("open", "1", staff="C1", who=clerk("C1"))
    first = public.do("issue", "A", who=KIOSK)["ticket"]
    public.do("help", who=KIOSK)
    assert staff.do("call", "1", who=clerk("C1"))["ticket"] == first
    seq = staff.last().seq
    announcing.record_call_shown(public.desk, seq, "display", place.clock())
    announcing.record_call_announcement_result(public.desk, seq, "display", place.clock(), link="best")
    staff.do("start", "1", who=clerk("C1"))
    place.clock.move(minutes=5)
    staff.do("finish", "1", who=clerk("C1"))
    public.do("rate", first, 5, comment="quick", who=CUSTOMER)
    devices.record_sign_of_life(public.desk, Ask(DISPLAY, place.clock()), "display", "display")
    manager.do("set-row", "services", "A", {"name": "Bills"}, who=ADMIN)
    left = public.do("issue", "A", who=KIOSK)["ticket"]
    place.clock.move(days=1)
    public.do("issue", "A", who=KIOSK)  # The first of the next day ends this one.
    ended = [event for event in staff.log() if event.kind == "day-end"]
    assert [event.data["waiting"] for event in ended] == [[left]]
    for hall in (public, staff, manager):
        assert looking.hall_state_now(hall.desk, place.clock()).now == manager.whole().now
    place.hall().must_follow_from_its_log()


def test_one_number_a_person_at_kiosks_and_front_desks(place, public, staff, manager):
    """Each kind of PC keeps, finds and replaces it, and whoever ends the day deletes it."""
    manager.do("set-setting", "one_number", "on", who=ADMIN)
    staff.do("open", "1", staff="C1", who=clerk("C1"))
    for hall, who in ((public, KIOSK), (staff, GUIDE)):
        first = hall.do("issue", "A", person="13800138000", who=who)["ticket"]
        for other in (public, staff):
            with pytest.raises(RuleError, match="has_number"):
                other.do("issue", "A", person="138-0013-8000", who=KIOSK)
        assert staff.serve_out("1") == first
    desks = [(public.desk, public.ask(KIOSK)), (staff.desk, staff.ask(GUIDE))] * 4

    def issue(at: tuple[Desk, Ask]) -> str:
        try:
            return str(issuing.issue_ticket(*at, "A", person="13800138000")["ticket"])
        except RuleError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(desks)) as pcs:
        answers = sorted(pcs.map(issue, desks))
    assert answers[1:] == ["has_number"] * 7 and answers[0].startswith("A"), "all at once, and one of them issues"
    place.clock.move(days=1)
    public.do("issue", "B", who=KIOSK)  # The first of the next day ends this one.
    with place.hall().desk.db.read() as tx:
        assert events.answer_of_command(tx, public.desk.hall, f"{events.ONE_NUMBER}salt") is None
    assert "13800138000" not in str([event.data for event in staff.log()])


def test_a_project_is_managers_alone(place, staff, manager):
    """A counter's login reads the log and follows it, and learns nothing of what a project says and who leads it."""
    manager.queue("A")
    number = judged_project(manager)
    told = telling.read_project_document(manager.desk, number, place.clock())
    assert (told["title"], told["measures"][0]["who"]) == ("Right the first time", "M1")
    assert improvement.all_project_rows(staff.desk, place.clock()) == []
    assert improvement.fading_effects(staff.desk, place.clock()) == []
    with pytest.raises(RuleError, match="not_there"):
        telling.read_project_document(staff.desk, number, place.clock())
    manager.do("project-open", "Sooner told", "M1", who=MANAGER)
    manager.do("project-measure", number + 1, PlannedMeasure(what="Alarm", who="M1", due=manager.date), who=MANAGER)
    rule = StandardContent(place=ResultingStandard.RULE, key="crowd", value="18")
    manager.do("project-standard", number + 1, 1, rule, who=MANAGER)
    assert [one["asked"] for one in all_project_standards(manager.desk)] == [True]
    assert all_project_standards(staff.desk) == []
    manager.do("project-take", number + 1, 1, who=ADMIN)
    manager.do("project-follow", number + 1, [EffectFigure("wait.mean", 5.0)], who=MANAGER)
    weeks = [manager.date + timedelta(days=n) for n in (-14, -8, -7, -7, -1)]
    spans = ComparedDateSpans(before=(weeks[0], weeks[1]), measures=weeks[2], after=(weeks[3], weeks[4]))
    manager.do("project-spans", number + 1, spans, who=MANAGER)
    found = telling.before_after_effect(manager.desk, number + 1, place.clock())
    assert found is not None and [one.verdict for one in found.figures] == [EffectVerdict.TOO_FEW]
    assert improvement.fading_effects(manager.desk, place.clock()) == []
    seen = [event.data for event in staff.log() if event.kind.startswith("project-")]
    assert len(seen) >= 10
    assert all(set(data) <= {"date", "of", "untold"} for data in seen)
    assert looking.hall_state_now(staff.desk, place.clock()).projects == {}
    with pytest.raises((RuleError, OutsideError)):
        staff.do("project-open", "From a counter", "M1", who=MANAGER)
    place.hall().must_follow_from_its_log()


def test_a_kiosk_follows_trials_of_words_and_advice_is_a_managers(place, public, staff, manager):
    manager.do("wording", "A", "交电费", "Pay here", who=MANAGER)
    manager.do("add-row", "notices", {"text": "缴费"})
    manager.do("wording-notice", 1, "请付费", "Pay", services=["B"], who=MANAGER)
    public.do("issue", "A", who=KIOSK)
    key, notice = looking.hall_state_now(public.desk, place.clock()).wordings.values()
    assert (key.label_en, key.is_open, notice.label_en, notice.services) == ("Pay here", True, "Pay", ("B",))
    with pytest.raises((RuleError, OutsideError)):
        staff.do("wording", "C", "From a counter", who=MANAGER)
    day = looking.business_date_of_change(manager.desk, place.clock())
    assert where_else_advice(manager.desk, day, day, place.clock()).visit_count == 1
    assert len(wording.trials_with_data(manager.desk, place.clock())) == 2
    place.hall().must_follow_from_its_log()


def test_a_counter_is_told_the_own_sheet_without_ratings(place, staff, manager):
    staff.do("open", "1", staff="C1", who=clerk("C1"))
    label = staff.queue("A")[0]
    staff.serve_out("1")
    staff.do("rate", label, 5, who=CUSTOMER)
    staff.do("case-open", casework.NewCaseData(klass="repair", owner="C1"), who=MANAGER)
    own = own_work(staff.desk, clerk("C1"), DAY.date(), place.clock())
    months, counter = own.months, own.whole.team.sheets["C1"]
    office = month_sheets(manager.desk, MANAGER, DAY.date(), place.clock(), staff="C1").team.sheets["C1"]
    assert len(months) == 1, "the hall's first"
    assert months[0].team.sheets["C1"].result_for_item("handling").value is None
    assert (counter.result_for_item("satisfaction").why, counter.verdict) == (NOT_HERE, None)
    assert office.result_for_item("satisfaction").value == 1.0
    assert counter.result_for_item("order") == office.result_for_item("order")
    assert counter.result_for_item("handling").of == 1
    assert own.day is not None and (own.day.visits, own.day.sheet.result_for_item("satisfaction").why) == (1, NOT_HERE)
    assert own_work_xlsx(looking.setup_of_hall(staff.desk), own, lang="en", made=place.clock())


def test_the_chores_are_done_by_any_pc(place, public, staff):
    wish = AppointmentRequest(service="B", at=DAY + timedelta(hours=11), name="王 Wang", contact="0571 1")
    booking.book_appointment(staff.desk, Ask(GUIDE, place.clock()), wish)
    staff.queue("A", "A", "A")
    place.clock.move(hours=5)
    alarm, lost = messaging.record_and_count_alarm_changes, devices.record_lost_stations
    for chore in (booking.unbook_overdue_and_delete_contacts, alarm, lost):
        chore(public.desk, Ask(HALL, place.clock()))
    place.clock.move(days=40)
    clocks.end_due(public.desk, Ask(HALL, place.clock()))
    booking.unbook_overdue_and_delete_contacts(public.desk, Ask(HALL, place.clock()))
    assert [row["name"] for row in booking.appointments_between_dates(staff.desk, date(2026, 11, 20))] == [""]
    place.hall().must_follow_from_its_log()


def test_each_pc_does_what_its_login_gives_and_what_it_may_not_do_leaves_the_hall_as_it_was(
    place, public, staff, manager, tmp_path
):
    before = staff.whole()
    with denied():
        staff.do("set-row", "services", "A", {"name": "Bills"}, who=ADMIN)
    with denied():
        public.do("open", "1", staff="C1", who=clerk("C1"))
    with denied():
        public.do("issue", "A", who=GUIDE)
    assert staff.whole() == before
    manager.do("set-pin", "M1", "2468", who=ADMIN)
    manager.do("set-pin", "C1", "1357", who=ADMIN)
    assert sign_in_and_pins.require_and_get_proven_actor(staff.desk, "C1", pin="1357", now=place.clock()).name == "C1"
    for attempt in (
        lambda: sign_in_and_pins.require_and_get_proven_actor(staff.desk, "C1", pin="1358", now=place.clock()),
        lambda: sign_in_and_pins.manager_of_pin(public.desk, "1357", now=place.clock()),
    ):
        with pytest.raises(RuleError, match="wrong_pin"):
            attempt()
    assert sign_in_and_pins.manager_of_pin(public.desk, "2468", now=place.clock()).name == "M1"
    file = maintenance.write_database_backup(manager.desk.db, ADMIN, tmp_path / "hall.backup", place.clock())
    with BackupArchive(file) as backup:
        (copy,) = backup.verified_hall_copies()
        assert (backup.tables_left_out, backup.row_count_of_table(copy.id, pins)) == (["pins"], 0)
    assert {found.status for found in examining.examine_database(manager.desk.db)} == {"ok"}


def test_a_managers_backup_holds_no_hall_that_it_merely_looks_on_at(shared_url, tmp_path):
    with shared(shared_url, "A", "B") as both:
        both.hall(hall=2).do("set-hall", {"seen_by": ["A/M1"]})
        manager = both.hall(both.pc(PcKind.MANAGER))
        file = maintenance.write_database_backup(manager.desk.db, ADMIN, tmp_path / "a.backup", both.clock())
        everything = maintenance.write_database_backup(both.owner, ADMIN, tmp_path / "all.backup", both.clock())
        with manager.desk.db.read() as tx:
            assert [code for _id, code in halls.hall_ids_and_codes(tx)] == ["A", "B"]
        beside = Desk(manager.desk.db, 2)
        network.require_own_hall(manager.desk)
        rows = partial(network.pc_rows, now=both.clock())
        for taken_for_its_own in (network.own_pc_kind, network.require_own_hall, rows):
            with pytest.raises(RuleError, match="hall_beside"):
                taken_for_its_own(beside)
    with BackupArchive(file) as one, BackupArchive(everything) as two:
        assert [copy.code for copy in one.verified_hall_copies()] == ["A"]
        assert [copy.code for copy in two.verified_hall_copies()] == ["A", "B"]
