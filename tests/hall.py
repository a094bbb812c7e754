"""A hall to test in: a real database, a day in the past, people who act at named minutes."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.features import import_reference
from queuedesk.core.log.event import Event, first_broken_seq
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.queue.dispatch import CallOrderRule
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening
from queuedesk.desk.setting_up import create_first_hall
from queuedesk.desk.talk import announcing
from queuedesk.desk.upkeep import examining
from queuedesk.i18n import error_sentence
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from tests import engines, whole_halls

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 20, tzinfo=SHANGHAI)
Settings = dict[str, Any] | None


def take_move(desk: Desk, ask: Ask, *args: Any, **words: Any) -> dict[str, Any]:
    take, say = map(
        import_reference, ("features.lobby.verbs:accept_move", "features.lobby.words:move_message_in_both_languages")
    )
    return dict(take(desk, ask, *args, say=say, **words))


DEEDS_OF = {
    "desk.queue.issuing": "issue=issue_ticket not-ready=record_visitor_not_ready need=set_fetching_need"
    " fetched=record_customer_fetched offer=record_offered_channel",
    "desk.queue.calling": "call=call_ticket serve=serve_without_ticket recall=recall_customer start=start_serving"
    " miss=record_missed_call return=undo_mistaken_call finish=finish_service reopen=reopen_last_ticket"
    " add=add_service_to_visit stall=record_wait_for_other_system unstall=end_stall_by_other_system park=park_ticket unpark=serve_parked_ticket"
    " transfer=transfer_customer redirect=redirect_customer reinstate=reinstate_missed_ticket postpone=postpone_ticket"
    " defer=defer_to_next_open_day leave=record_customer_left void=void_ticket",
    "desk.queue.opening": "open=open_window pause=pause_window resume=resume_window close=close_window"
    " hand-over=hand_over_window lend=lend_service take-back=end_service_lending"
    " sign-in sign-out=sign_out_at_station set-pin",
    "desk.queue.rating": "rate=rate_visit reasons=add_rating_reasons drumming=record_ineffective_presses"
    " opinion=record_opinion_without_ticket",
    "desk.talk.messaging": "push=push_notice withdraw=withdraw_notice emergency=declare_emergency end-emergency"
    " message=send_message message-seen=mark_message_read help=call_for_help_at help-ack=acknowledge_help"
    " help-arrived=record_helper_arrival help-cancel=cancel_help add-note=add_day_note remove-note=remove_day_note"
    " raise-due=record_and_count_alarm_changes ack=acknowledge_alert",
    "desk.quality.thanking": "thanks=record_thanks thanks-seen=mark_thanks_read comment=record_spoken_comment"
    " comment-read=mark_comment_read",
    "desk.quality.inspecting": "fix-prove=record_rectification_proof",
    "desk.quality.casework": "case-open=open_case case-contact=record_first_contact case-act=record_case_action"
    " case-call-back=record_call_back case-verdict=record_customer_verdict case-close=close_case"
    " case-reopen=reopen_case case-set-contact=store_customer_contact case-show-contact=reveal_customer_contact"
    " case-owner=assign_case case-note=add_case_note case-cite=cite_ticket_in_case"
    " case-cite-figure=cite_figure_in_case",
    "desk.improvement": "project-state=add_state_citation",
    "desk.appraisal": "training-drop=drop_training",
    "desk.figures": "correct=correct_leg_or_rating",
    "desk.upkeep.clocks": "day-end=end_today end-due",
    "desk.setting_up": "add-row=add_setup_row set-row=change_row_fields decide-suggestions remove-row=remove_setup_row"
    " order-rows=reorder_setup_rows set-setting=change_setting set-hall=change_hall import=import_setup",
    "features.lobby.verbs": "decline=decline_move",
    "features.equipment.verbs": "check=record_device_check try=try_device",
    "features.forums.verbs": "forum=add_forum forum-issue=add_forum_issue forum-case=open_case_of_issue",
    "features.projects.verbs.leading": "project-open=open_project project-target=set_target"
    " project-follow=set_followed_figures project-spans=set_comparison_spans project-cause=add_cause"
    " project-evidence=add_evidence project-judge=judge_cause project-measure=add_measure"
    " project-done=record_measure_done project-standard=make_measure_standard project-take=make_requested_standard"
    " project-end=close_or_drop_project",
    "features.staff.verbs": "sheet-dispute=dispute_sheet_row sheet-decide=decide_dispute sheet-close=close_month"
    " training=add_training training-name=reveal_need_staff training-seen=mark_named_need_seen",
    "features.morning.verbs": "briefing=write_briefing_version briefing-read=mark_briefing_read"
    " opening=sign_opening_or_closing",
    "features.wording.verbs": "wording=start_name_trial wording-notice=start_notice_trial"
    " wording-end=end_wording_trial",
    "features.appointments.verbs": "book=book_appointment call-off=cancel_appointment",
    "features.indicators.verbs": "indicators=import_indicators set-indicator remove-indicator",
    "features.channels.verbs": "channels=import_channel_totals set-total=set_or_remove_channel_total",
    "features.cards.verbs": "card-start=open_card card-tick=tick_step card-untick=untick_step card-end=end_card",
    "features.inspections.verbs": "inspect-plan=plan_inspection inspect-drop=drop_inspection"
    " inspect-start=start_inspection inspect-score=score_item inspect-tie=tie_to_ticket inspect-sign=sign_inspection"
    " fix-add=add_rectification fix-look=record_rectification_check fix-remind=record_rectification_reminder",
}
"""Commands by the module that carries them out, each with its function's name where that is another."""


def _deeds() -> Iterator[tuple[str, Callable[..., dict[str, Any]] | str]]:
    for module, words in DEEDS_OF.items():
        for word in words.split():
            verb, _is, name = word.partition("=")
            path = f"{module}:{name or verb.replace('-', '_')}"
            yield verb, path if module.startswith("features.") else import_reference(path)


DEEDS: dict[str, Callable[..., dict[str, Any]] | str] = {**dict(_deeds()), "take": take_move}


def deed(verb: str) -> Callable[..., dict[str, Any]]:
    """Return one of DEEDS; those of features load when used: a test of the core's needs none of their folders."""
    found = DEEDS[verb]
    return import_reference(found) if isinstance(found, str) else found


def is_damaged(db: Database) -> bool:
    return any(finding.status == examining.FAILED for finding in examining.examine_database(db))


def no_fractions(value: Any) -> bool:
    """Whether a value of the log holds no decimal fraction anywhere."""
    if isinstance(value, dict):
        return all(no_fractions(part) for part in value.values())
    if isinstance(value, list):
        return all(no_fractions(part) for part in value)
    return not isinstance(value, float)


def at(text: str) -> datetime:
    """Return a time of the hall's day, "10:42" or "10:42:30"."""
    parts = [int(part) for part in text.split(":")]
    return DAY + timedelta(**dict(zip(("hours", "minutes", "seconds"), parts, strict=False)))


def noon_zone(now: datetime) -> str:
    """Return the name of a time zone in which it is between twelve and one at `now`: what processes of their own do is
    dated by the real clock, and in Shanghai the day may end in the middle of a test."""
    return f"Etc/GMT{now.astimezone(UTC).hour - 12:+d}"  # these names count hours to the west


def nine_today() -> datetime:
    """Return nine o'clock of today where it is noon now: whatever takes long, it is still that day when it is done."""
    now = datetime.now(UTC)
    return now.astimezone(ZoneInfo(noon_zone(now))).replace(hour=9, minute=0, second=0, microsecond=0)


@dataclass
class Clock:
    """A clock that stands until it is moved; call it for the time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Hall:
    """A hall on its day. The short methods act as the console, at the clock's time."""

    desk: Desk
    clock: Clock
    path: Path

    def ask(self, who: Actor = CONSOLE) -> Ask:
        return Ask(who, self.clock())

    def log(self, since: int = 0) -> list[Event]:
        return looking.events_after(self.desk, since)

    def length(self) -> int:
        """Return how many events the log has, which is the last one's number, without reading them."""
        with self.desk.db.read() as tx:
            return events.event_count(tx, self.desk.hall)

    def last(self) -> Event:
        return self.log(self.length() - 1)[-1]

    def ticket(self, label: str, day: date | None = None) -> Ticket:
        return looking.find_ticket(self.desk, day or self.date, label)

    @property
    def date(self) -> date:
        return business_date(looking.setup_of_hall(self.desk), self.clock())

    def whole(self) -> HallState:
        """Return all that the tables hold; `now` has the seq and the hash of the log's end."""
        with self.desk.db.read() as tx:
            return whole_halls.whole(tx, self.desk.hall)

    def must_follow_from_its_log(self) -> None:
        """Assert that the chain is whole, without a decimal fraction, and the tables come out of it."""
        log = self.log()
        assert first_broken_seq(log) is None
        assert all(no_fractions(event.data) for event in log)
        with self.desk.db.read() as tx:
            assert whole_halls.differences(whole_halls.whole(tx, 1), whole_halls.of_events(log)) == []

    def do(self, verb: str, *args: Any, who: Actor = CONSOLE, **words: Any) -> dict[str, Any]:
        return dict(deed(verb)(self.desk, self.ask(who), *args, **words))

    def after(self, minutes: float, verb: str, *args: Any, **words: Any) -> None:
        self.clock.move(minutes=minutes)
        self.do(verb, *args, **words)

    def play(self, *deeds: str | float) -> None:
        """Let things happen one after the other: commands with their words, as in "park 3 reason=copying", "queue A B",
        "serve-out 1 minutes=4"; minutes that pass, or until when, as in "10:42"."""
        for deed in deeds:
            if not isinstance(deed, str):
                self.clock.move(minutes=deed)
            elif deed[0].isdigit():
                self.clock.now = at(deed)
            else:
                self._play(*deed.split())

    def _play(self, verb: str, *words: str) -> None:
        named = dict(word.split("=") for word in words if "=" in word)
        given = [word for word in words if "=" not in word]
        if verb == "queue":
            self.queue(*given)
        elif verb == "serve-out":
            self.serve_out(*given, minutes=float(named.get("minutes", 5)))
        else:
            self.do(verb, *given, **named)

    def open(self, window: str, staff: str) -> None:
        opening.open_window(self.desk, self.ask(), window, staff=staff)

    def issue(self, service: str, **words: Any) -> str:
        return str(issuing.issue_ticket(self.desk, self.ask(), service, **words)["ticket"])

    def queue(self, *services: str, minutes_apart: float = 0) -> list[str]:
        """Give out a number for each of `services`, one after the other."""
        labels = []
        for service in services:
            labels.append(self.issue(service))
            self.clock.move(minutes=minutes_apart)
        return labels

    def call(self, window: str, **words: Any) -> str:
        return str(calling.call_ticket(self.desk, self.ask(), window, **words)["ticket"])

    def show_calls(self) -> None:
        """Let a display without a voice have shown every call so far, each as it was made."""
        for event in self.log():
            if event.kind in ("call", "recall"):
                announcing.record_call_shown(self.desk, event.seq, "display", event.time)

    def serve_out(self, window: str, *, minutes: float = 5) -> str:
        """Call the next one, serve for so long, finish; return the number."""
        label = self.call(window)
        calling.start_serving(self.desk, self.ask(), window)
        self.clock.move(minutes=minutes)
        calling.finish_service(self.desk, self.ask(), window)
        return label


def create_hall(path: Path, document: dict[str, Any], ask: Ask) -> Desk:
    """Make a hall in a new file at `path`, or on the engine that this test is about."""
    mark = f"{document} {ask}"
    if engines.is_on_server():
        if mark not in _files and mark not in _founded:
            # Rows that are copied but once would take longer than a hall founded there.
            _founded.add(mark)
            return create_first_hall(engines.open_or_create_empty_database(path), check_and_read_setup(document), ask)
        if mark not in _files:
            _in_file(lambda folder: create_hall(folder / path.name, document, ask))
        return _kept(mark).copy(path)
    if not path.exists() and mark in _files:
        return _kept(mark).copy(path)
    desk = setting_up.create_hall(path, document, ask)
    engines.of_this_test(desk.db)
    _keep(mark, desk, path)
    return desk


def made_once(folder: Path, make: Callable[[Path], Hall], *, kind: str = "") -> Hall:
    """Return the hall that make(folder) gives, after the first time a copy; `kind` tells apart what it makes."""
    mark = f"{make.__module__} {make.__qualname__} {kind}"
    if engines.is_on_server() and mark not in _files:
        _in_file(lambda file: made_once(file, make, kind=kind))
    if mark in _files:
        kept = _kept(mark)
        path = folder / kept.name
        return Hall(kept.copy(path), Clock(kept.now), path)
    hall = make(folder)
    _keep(mark, hall.desk, hall.path, hall.clock())
    return hall


def hall_of(request: pytest.FixtureRequest, folder: Path, usual: Callable[[Path], Hall]) -> Hall:
    """Return the hall of a test in a folder whose `usual` one is made so: the mark `hall` names another."""
    mark = request.node.get_closest_marker("hall")
    return made_once(folder, mark.kwargs["make"] if mark else usual)


def six_windows(folder: Path) -> Hall:
    """Make the power hall at half past ten, with a clerk at each of its windows."""
    hall = make_hall(folder, time="10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    return hall


def near_closing(folder: Path) -> Hall:
    """Let so many wait for bills that one more would not be called before half past five."""
    hall = six_windows(folder)
    hall.do("set-setting", "closing", "stop")
    hall.clock.now = at("16:58")
    for number in range(1, 7):
        hall.do("pause", str(number), reason="break")
        hall.do("resume", str(number))
    with suppress(RuleError):
        for _ in range(200):
            hall.issue("A")
    return hall


def _in_file(make: Callable[[Path], object]) -> None:
    with TemporaryDirectory() as folder, engines.halls_on(engines.SQLITE):
        make(Path(folder))


@dataclass
class _File:
    """A hall's file as it was made, with its epoch. A copy takes a fifth of the time and has an epoch of its own, as
    every database of the server has."""

    name: str
    content: bytes
    epoch: bytes
    now: datetime

    def copy(self, path: Path) -> Desk:
        own = secrets.token_hex(len(self.epoch) // 2).encode()
        path.write_bytes(self.content if engines.is_on_server() else self.content.replace(self.epoch, own))
        return Desk(engines.opened(path), 1)


_founded: set[str] = set()
_files: dict[str, _File] = {}
"""The last few that were used."""
_FILES_KEPT = 16


def _kept(mark: str) -> _File:
    file = _files[mark] = _files.pop(mark)
    return file


def _keep(mark: str, desk: Desk, path: Path, now: datetime = DAY) -> None:
    with desk.db.read() as tx:
        epoch = events.epoch(tx).encode()
    desk.db.dispose()  # what stands in its journal goes into the file
    _files[mark] = _File(path.name, path.read_bytes(), epoch, now)
    if len(_files) > _FILES_KEPT:
        del _files[next(iter(_files))]


def simple_setup(*, timezone: str = SHANGHAI.key, **changes: Any) -> dict[str, Any]:
    """Return a set-up without hours to mind: services A, B, C; windows 1 (A), 2 (A, B), 3 (all); clerks C1 to C4."""
    always = [{"days": "1-7", "from": "0:00", "to": "24:00"}]
    services = [{"code": code, "name": code, "prefix": code, "hours": always} for code in "ABC"]
    windows = [{"code": code, "services": list(can)} for code, can in (("1", "A"), ("2", "AB"), ("3", "ABC"))]
    staff = [{"code": f"C{n}", "name": f"C{n}", "role": "clerk"} for n in range(1, 5)]
    people = (("G1", "guide"), ("M1", "manager"), ("AD", "admin"))
    staff += [{"code": code, "name": code, "role": role} for code, role in people]
    classes = [{"code": code, "name": code, "credit_minutes": n} for code, n in (("elderly", 10), ("disabled", 15))]
    hall = {"code": "T", "name": "Test hall", "timezone": timezone}
    parts = {"hall": hall, "services": services, "windows": windows, "staff": staff, "classes": classes}
    return {**parts, **changes}


def hall_from(folder: Path, document: dict[str, Any], start: datetime) -> Hall:
    """Make a hall of a set-up document, founded at `start`."""
    path = folder / "hall.sqlite"
    return Hall(create_hall(path, document, Ask(CONSOLE, start)), Clock(start), path)


def simple_hall(
    folder: Path, *, time: str = "9:00", start: datetime | None = None, settings: Settings = None, **changes: Any
) -> Hall:
    """Make a hall from `simple_setup`, at `time` of the day or at the moment `start`."""
    return hall_from(folder, simple_setup(settings=settings or {}, **changes), start or at(time))


def hall_of_today(folder: Path, **changes: Any) -> Hall:
    """Make a hall from `simple_setup` that begins now, for programs that go by the real clock."""
    now = datetime.now(UTC)
    return simple_hall(folder, start=now, timezone=noon_zone(now), **changes)


def preset(name: str = "power", **changes: Any) -> dict[str, Any]:
    """Return a preset's set-up document with top-level parts replaced; that of power is the hall of the demo, with
    its people, ways and notices. Nobody has chosen yet what it uses: tests walk every page."""
    document = setting_up.demo_setup_of_preset(name) if name == "power" else setting_up.preset_setup_document(name)
    return {**nobody_chose(document), **changes}


def nobody_chose(document: dict[str, Any]) -> dict[str, Any]:
    """Return a set-up document without a choice of what the hall uses."""
    return {**document, "hall": {key: value for key, value in document["hall"].items() if key != "features"}}


def make_hall(
    folder: Path, *, kind: str = "power", time: str = "9:00", settings: Settings = None, **changes: Any
) -> Hall:
    """Make a hall from a preset in `folder`; `settings` are rules that differ from the defaults."""
    document = preset(kind, **changes)
    if settings:
        document["settings"] = {**document.get("settings", {}), **settings}
    return hall_from(folder, document, at(time))


GUIDE, MANAGER, ADMIN = Actor("G1", Role.GUIDE), Actor("M1", Role.MANAGER), Actor("AD", Role.ADMIN)
BY_CREDIT = CallOrderRule()
"""The usual rule."""


def clerk(code: str) -> Actor:
    return Actor(code, Role.CLERK)


@contextmanager
def refused(hall: Hall, code: str, /, **details: object) -> Iterator[None]:
    """Expect RuleError `code` (with these details), and that neither the log nor any table changed."""
    before = engines.digest(hall.desk.db)
    with pytest.raises(RuleError) as error:
        yield
    assert error.value.code == code, error.value
    assert {**error.value.details, **details} == error.value.details
    assert error_sentence(error.value, "en") and error_sentence(error.value, "zh_CN")
    assert engines.digest(hall.desk.db) == before


def labels(tickets: Sequence[Any]) -> list[str]:
    return [ticket.label for ticket in tickets]
