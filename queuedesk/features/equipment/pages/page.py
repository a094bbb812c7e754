"""The hall's equipment: devices as they stand, today's outages, what the voice made of each call, in finished words;
and who was refused. What reads it has no widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import RefusalForLackOfRights
from queuedesk.core.network.sharing import PcState, SharedPc, pc_state
from queuedesk.core.queue.hallday import begin_of_day, business_date, end_of_day
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import device as device_states
from queuedesk.core.talk.announcement import AnnouncementRecord
from queuedesk.core.talk.device import is_opening_check_required_in_hall, required_device_checks
from queuedesk.core.upkeep import BackupStatus
from queuedesk.desk import reading, setting_up
from queuedesk.desk.talk import announcing
from queuedesk.desk.upkeep import maintenance
from queuedesk.i18n import _, duration_text, list_text, n_, talk, time_hm, time_hms
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.network import actor_words, pc_state_word, refusal_reason_words, requested_act_words
from queuedesk.i18n.preview_words import set_aside_events_sentence
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.network.words import pcs_in_list_order, time_with_day_unless_today
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts import page_controller
from queuedesk.stations.manager.parts import table as row_tables
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.records import RecordList, RecordPageSpec, Words
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.buttons import FilterPill
from queuedesk.stations.widgets.lists.tiles import TabRow
from queuedesk.stations.widgets.panels import Card, Label, set_scaled_margins
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

LATE_MS = 15_000
"""A number that is said later behind its picture than this is no help any more."""


class EquipmentTableRow(Struct, frozen=True):
    """A row of a table: `key` identifies it, `icon` and `token` show its state, `tip` is all of it in one sentence."""

    key: object
    cells: tuple[str, ...]
    icon: str = ""
    token: str = "ink"
    tip: str = ""


class _VoiceFact(Struct, frozen=True):
    """A line about the voice: its subject, and the details."""

    title: str
    text: str
    token: str = "ink"


# -- the access journal ---------------------------------------------------------------------------------------------


def _refusal_column_titles() -> list[str]:
    """Return the columns of the access journal."""
    return [
        _("When", context="column"),
        _("Who", context="column"),
        _("Asked for", context="column"),
        _("Why not", context="column"),
    ]


def access_refusal_lines(
    setup: Setup, refusals: Sequence[RefusalForLackOfRights], now: datetime
) -> list[EquipmentTableRow]:
    """Return the refusals, the latest first."""
    lines = []
    for n, one in enumerate(refusals):
        moment = time_with_day_unless_today(setup, one.at, now)
        cells = (moment, actor_words(setup, one.actor), requested_act_words(one.verb), refusal_reason_words(one.code))
        lines.append(EquipmentTableRow((n, one), cells, tip=" · ".join(cells)))
    return lines[::-1]


# -- devices -------------------------------------------------------------------------------------------------------


def _device_column_titles(*, checked: bool = False) -> list[str]:
    """Return the columns of the devices; `checked`: with the results of their checks before opening."""
    return [
        _("Device", context="column"),
        _("State", context="column"),
        _("Since", context="column"),
        _("Down today", context="column"),
        *([_("Checked today", context="column")] if checked else []),
    ]


def _needs_or_has_checks_in_hall(state: HallState, day: date) -> bool:
    """Whether the hall wants its equipment checked before it opens, or somebody checked some today."""
    return is_opening_check_required_in_hall(set_up(state)) or any(check.date == day for check in state.checks)


def device_table_rows(
    state: HallState, day: date, now: datetime, proven: datetime | None = None
) -> list[EquipmentTableRow]:
    """Return every device that ever reported: out of order first, then working, switched off, no longer used. `proven`
    is when the last backup was proven."""
    setup = set_up(state)
    told = (
        one for one in device_states.devices_under_current_names(state.devices) if _is_device_listed(setup, one.device)
    )
    ordered = sorted(told, key=lambda one: (_device_rank(one, now), one.key))
    return [_device_table_row(state, setup, one, day, now, proven=proven) for one in ordered]


def _is_device_listed(setup: Setup, device: str) -> bool:
    """Whether a device is spoken of: what speaks is only where calls are spoken."""
    return setup.voice.spoken or device not in device_states.SPEAKING


def _device_rank(one: device_states.Device, now: datetime) -> int:
    if one.is_counted_as_unused(now):
        return 3
    return 1 if one.is_up else 2 if one.cause == device_states.STOPPED else 0


def _device_state_word(one: device_states.Device) -> str:
    """Return in a word or two how a device is."""
    return _("works", context="device") if one.is_up else talk.device_down_cause_words(one.cause)


def _device_table_row(
    state: HallState, setup: Setup, one: device_states.Device, day: date, now: datetime, *, proven: datetime | None
) -> EquipmentTableRow:
    icon, token = {0: ("warning", "amber"), 1: ("check", "primary")}.get(_device_rank(one, now), ("minus", "ink2"))
    word = _device_state_word(one)
    if one.is_counted_as_unused(now):
        word = _("no longer in use", context="device")
    elif one.device == device_states.BACKUP and proven is not None:
        kept = _("checked {moment}", moment=time_with_day_unless_today(setup, proven, now))
        word = kept if one.is_up else f"{word} · {kept}"
    name = talk.device_name(one.device, one.station)
    checked = (
        (_last_check_result_text(state, setup, one, day, now),) if _needs_or_has_checks_in_hall(state, day) else ()
    )
    since, down = (
        time_with_day_unless_today(setup, one.since, now),
        _outage_count_and_length_text(state, setup, one, day, now),
    )
    tip = " · ".join(part for part in (name, word, _("since {moment}", moment=since), down, *checked) if part)
    return EquipmentTableRow(one.key, (name, word, since, down, *checked), icon, token, tip)


def _last_check_result_text(state: HallState, setup: Setup, one: device_states.Device, day: date, now: datetime) -> str:
    """Return what the last check of a device came to on a date: when, by whom, or why it did not pass; "" of one that
    is not asked for."""
    own = [check for check in state.checks if check.key == one.key and check.date == day]
    if not own:
        asked = (
            {each.key for each in required_device_checks(setup, state.devices, (), now)}
            if is_opening_check_required_in_hall(setup)
            else set()
        )
        return _("not yet", context="check") if one.key in asked else ""
    last = own[-1]
    moment = _(
        "{time}, {name}", context="check", time=time_hm(setup.to_hall_time(last.time)), name=staff_name(setup, last.by)
    )
    if last.passed:
        return moment
    return _(
        "failed: {cause} ({moment})", context="check", cause=talk.device_down_cause_words(last.cause), moment=moment
    )


def _outage_count_and_length_text(
    state: HallState, setup: Setup, one: device_states.Device, day: date, now: datetime
) -> str:
    names = device_states.current_device_key_by_former_key(state.devices)
    own = [outage for outage in outages_touching_day(state, day, now) if one.key in (outage.key, names.get(outage.key))]
    if not own:
        return ""
    begins = begin_of_day(setup, day)
    # Whole seconds, as the list of outages shows each: people add them up.
    down_s = sum(int(((outage.end or now) - max(outage.start, begins)).total_seconds()) for outage in own)
    return _("{times}, {length}", times=n_("{n} time", "{n} times", len(own)), length=duration_text(down_s))


def _pc_lines(setup: Setup, pcs: Sequence[SharedPc], now: datetime, *, columns: int) -> list[EquipmentTableRow]:
    """Return the PCs that gave a sign at least once as lines of the equipment, the silent ones first."""
    told = {pc: pc_state(pc, now) for pc in pcs}
    order = (PcState.SILENT, PcState.HERE)
    shown = [pc for state in order for pc in pcs_in_list_order(pcs, "") if told[pc] is state]
    return [_pc_line(setup, pc, told[pc], now, columns) for pc in shown]


def _pc_line(setup: Setup, pc: SharedPc, state: PcState, now: datetime, columns: int) -> EquipmentTableRow:
    is_silent = state is PcState.SILENT
    name = _("PC {name}", name=pc.name)
    since = time_with_day_unless_today(setup, pc.seen, now) if is_silent and pc.seen is not None else ""
    told = (name, pc_state_word(state), since)
    icon, token = ("warning", "amber") if is_silent else ("check", "primary")
    return EquipmentTableRow(
        ("pc", pc.role), (*told, *([""] * (columns - len(told)))), icon, token, " · ".join(filter(None, told))
    )


# -- outages -------------------------------------------------------------------------------------------------------


def _outage_column_titles() -> list[str]:
    return [
        _("Device", context="column"),
        _("From", context="column"),
        _("Until", context="column"),
        _("Length", context="column"),
        _("Cause", context="column"),
    ]


def outages_touching_day(state: HallState, day: date, now: datetime) -> list[device_states.Outage]:
    """Return the outages that touch a business date; a device that somebody switched off has none, nor has one that is
    no longer in use, nor the voice of a hall whose calls are only shown."""
    setup = set_up(state)
    left_out = {one.key for one in state.devices.values() if one.is_counted_as_unused(now)}
    lasted = device_states.overlapping_outages(state.outages.values(), begin_of_day(setup, day), end_of_day(setup, day))
    told = (one for one in lasted if _is_device_listed(setup, one.device))
    return [one for one in told if one.cause != device_states.STOPPED and one.key not in left_out]


def outage_table_rows(state: HallState, day: date, now: datetime) -> list[EquipmentTableRow]:
    """Return today's outages, the newest first."""
    setup, names = set_up(state), device_states.current_device_key_by_former_key(state.devices)
    lines = []
    for one in sorted(outages_touching_day(state, day, now), key=lambda outage: outage.start, reverse=True):
        ended = time_with_day_unless_today(setup, one.end, now) if one.end else _("ongoing", context="outage")
        length = duration_text(((one.end or now) - one.start).total_seconds())
        cells = (
            talk.device_name(*(names.get(one.key) or one.key)),
            time_with_day_unless_today(setup, one.start, now),
            ended,
            length,
            talk.device_down_cause_words(one.cause),
        )
        lines.append(EquipmentTableRow(one.seq, cells, token="ink" if one.end else "amber", tip=" · ".join(cells)))
    return lines


# -- what was said -------------------------------------------------------------------------------------------------


def _announcement_column_titles() -> list[str]:
    return [
        _("Call at", context="column"),
        _("Number", context="column"),
        _("Window", context="column"),
        _("Spoken by", context="column"),
        _("After the screen", context="column"),
        _("Length", context="column"),
        _("Announcement", context="column"),
    ]


def _announcement_table_rows(setup: Setup, rows: Sequence[AnnouncementRecord]) -> list[EquipmentTableRow]:
    """Return the calls and spoken notices, the newest first."""
    return [_announcement_table_row(setup, one) for one in reversed(rows)]


def _announcement_table_row(setup: Setup, one: AnnouncementRecord) -> EquipmentTableRow:
    by, icon, token = talk.call_spoken_by_word(one.link), "speaker-on", "ink"
    if one.spoken is None:
        by, icon, token = _("not reported", context="voice"), "", "ink2"
        if one.is_silent:
            by, icon, token = talk.silent_call_text(one.cause), "speaker-off", "amber"
    elif was_spoken_too_late(one):
        token = "amber"
    cells = (
        time_hms(setup.to_hall_time(one.time)),
        one.ticket or _("Notice"),
        one.window or "",
        by,
        talk.milliseconds_as_seconds_text(one.delay_ms),
        talk.milliseconds_as_seconds_text(one.sound_ms or None),
        one.text or "",
    )
    return EquipmentTableRow(one.seq, cells, icon, token, " · ".join(cell for cell in cells if cell))


def was_spoken_too_late(one: AnnouncementRecord) -> bool:
    """Whether it was spoken so late that the picture had gone on without it."""
    return one.delay_ms is not None and one.delay_ms > LATE_MS


def _announcement_facts(rows: Sequence[AnnouncementRecord]) -> list[_VoiceFact]:
    """Return the day's calls in sum: how many were spoken, the greatest delay; how many nobody heard."""
    if not rows:
        return [_VoiceFact(_("Today"), _("Nothing was called."))]
    said = [one for one in rows if one.spoken is not None]
    silent = sum(one.is_silent for one in rows)
    delays = [one.delay_ms for one in said if one.delay_ms is not None]
    parts = [n_("{n} spoken", "{n} spoken", len(said))]
    if delays:
        parts.append(_("at most {time} after the screen", time=talk.milliseconds_as_seconds_text(max(delays))))
    parts.append(n_("{n} not spoken", "{n} not spoken", silent) if silent else _("none was missed"))
    return [_VoiceFact(_("Today"), " · ".join(parts), "amber" if silent else "ink")]


# -- the voice -----------------------------------------------------------------------------------------------------


def _voice_facts(state: HallState, now: datetime) -> list[_VoiceFact]:
    setup = set_up(state)
    if not setup.voice.spoken:
        return [_VoiceFact(_("Voice"), _("Calls are only shown in this hall."))]
    voices = [
        one for one in state.devices.values() if one.device == device_states.VOICE and not one.is_counted_as_unused(now)
    ]
    if not voices:
        return [_VoiceFact(_("Voice"), _("No voice has reported yet: the hall display speaks, once it runs."))]
    facts = []
    for one in voices:
        text = " · ".join(
            (_device_state_word(one), _("since {moment}", moment=time_with_day_unless_today(setup, one.since, now)))
        )
        facts.append(_VoiceFact(talk.device_name(one.device, one.station), text, "ink" if one.is_up else "amber"))
    return facts


def pc_voice_facts(found: Mapping[str, Any]) -> list[_VoiceFact]:
    """Return what this PC can speak with, in the order tried, and whether it can be heard."""
    links = [
        _(
            "{link} ({languages})",
            link=talk.call_spoken_by_word(name),
            languages=list_text([language_own_name(lang) for lang in languages]),
        )
        for name, languages in found["links"].items()
        if languages
    ]
    said = " · ".join(links) if links else _("Nothing on this PC can speak.")
    if found["player"] is None:
        said = " · ".join((said, _("no program that plays sound")))
    wrong = not links or found["player"] is None
    return [_VoiceFact(_("Voice of this PC"), said, "amber" if wrong else "ink")]


def voice_clips_fact(found: Mapping[str, Any]) -> _VoiceFact:
    """Return which recordings this PC has, and how many the hall's calls still need."""
    folder, clips = str(found["folder"]), found["clips"]
    title = _("Recorded clips")
    if not any(one["there"] for one in clips.values()):
        return _VoiceFact(title, _("none in {folder}", folder=folder), "ink2")
    told = []
    for lang, one in clips.items():
        parts = [n_("{n} sound", "{n} sounds", len(one["there"]))]
        if one["missing"]:
            parts.append(n_("{n} missing", "{n} missing", len(one["missing"])))
        if one["unreadable"]:
            parts.append(_("can't be read: {files}", files=list_text(one["unreadable"])))
        told.append(_("{language}: {sounds}", language=language_own_name(lang), sounds=" · ".join(parts)))
    wrong = any(one["there"] and (one["missing"] or one["unreadable"]) for one in clips.values())
    return _VoiceFact(title, _("{told} in {folder}", told=list_text(told), folder=folder), "amber" if wrong else "ink")


# -- the page ----------------------------------------------------------------------------------------------------------

MOST_REFUSALS = 200
"""So many of the access journal are shown, the latest; `access list` tells all."""
REPORTED_WITHIN = timedelta(minutes=5)
"""A voice has said by then what it will ever say of a call: it waits for others, and for a recall that is not due
yet."""


class EquipmentController(SingleCommandRunner):
    """`heard` says that `rows` have changed, `known` that `voices` and `clips` have, `seen` that `pcs` or `proven`, the
    last backup's proof, have, `silenced` that calls are only shown from now on.

    What can't be read stays as it was."""

    heard = Signal()
    known = Signal()
    seen = Signal()
    silenced = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._calls, self._sharing = (
            page_controller.BackgroundReader(context, self),
            page_controller.BackgroundReader(context, self),
        )
        self._backups = page_controller.BackgroundReader(context, self)
        self._voices = page_controller.BackgroundReader(context, self, is_long=True)
        self.proven: datetime | None = None
        self._day: date | None = None
        self.rows: Sequence[AnnouncementRecord] = ()
        self.voices: Mapping[str, Any] | None = None
        self.clips: Mapping[str, Any] | None = None
        self.pcs: Sequence[SharedPc] = ()
        self.pcs_told: datetime | None = None

    def read(self, day: date) -> None:
        """Read what was said of the calls of a date; for a day read before only what may have changed."""
        if self._calls.is_on:
            return
        if day != self._day:
            self._day, self.rows = day, ()
        settled = self.context.clock() - REPORTED_WITHIN
        since = next((one.seq for one in self.rows if one.time > settled), self.rows[-1].seq if self.rows else 0)
        self._calls.read(
            partial(announcing.announcements_of_day, self.context.desk, day, since),
            partial(self._merge_newly_read_announcements, day, since),
        )

    def _merge_newly_read_announcements(self, day: date, since: int, found: Sequence[AnnouncementRecord]) -> None:
        rows = [*(one for one in self.rows if one.seq < since), *found]
        if day == self._day and rows != list(self.rows):
            self.rows = rows
            self.heard.emit()

    def read_sharing_pcs(self) -> None:
        """Read which PCs share the hall and their last signs of life; a hall of one PC has none."""
        if (sharing := self.context.services.sharing) is not None and not self._sharing.is_on:
            self._sharing.read(sharing.pcs_of_hall, partial(self._store_pcs_and_notify, self.context.clock()))

    def _store_pcs_and_notify(self, asked: datetime, pcs: Sequence[SharedPc]) -> None:
        self.pcs_told = asked
        if list(pcs) != list(self.pcs):
            self.pcs = pcs
            self.seen.emit()

    def start_reading_last_backup_proof(self) -> None:
        """Read when the hall's last backup was proven; a PC that may not know it shows nothing."""
        self._backups.read(partial(maintenance.backup_note_of, self.context.desk), self._store_backup_proof_and_notify)

    def _store_backup_proof_and_notify(self, note: BackupStatus) -> None:
        if note.proven != self.proven:
            self.proven = note.proven
            self.seen.emit()

    def can_switch_failed_voice_off(self) -> bool:
        """Whether the person here may say that the hall has no loudspeaker, and a voice of it can't be heard."""
        who, feed = self.context.who, self.context.feed
        is_down = any(
            one.device == device_states.VOICE and one.cause in device_states.MUTE for one in feed.state.devices.values()
        )
        return is_down and feed.setup.voice.spoken and who is not None and who.may("set-up")

    def switch_hall_voice_off(self) -> None:
        """Let calls only be shown: the hall has no loudspeaker."""
        work = partial(
            setting_up.change_single_row_part, self.context.desk, self.context.new_ask(), "voice", {"spoken": False}
        )
        self.start_unless_busy("set-up", work, lambda _document: self.silenced.emit())

    def read_voices_of_this_pc(self) -> None:
        """Find out what this PC can speak with; an engine that is starting takes some seconds."""
        trials, setup = self.context.services.voice_trials, self.context.feed.setup
        if trials is not None:
            self._voices.read(
                lambda: (trials.voice_links_and_player(), trials.clips_folder_and_check(setup)),
                self._store_voices_and_clips,
            )

    def _store_voices_and_clips(self, found: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
        self.voices, self.clips = found
        self.known.emit()


# -- checks before a window opens --------------------------------------------------------------------------------------


# -- a list of facts ---------------------------------------------------------------------------------------------------

LEAST_TITLE = 110


class FactList(QWidget):
    """A list of facts; lines are kept while their number does not change."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.facts: list[_VoiceFact] = []
        self.lines: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        set_scaled_margins(look, self._grid, spacing=6)
        self._grid.setColumnMinimumWidth(0, look.px(LEAST_TITLE))
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[_VoiceFact]) -> None:
        if list(facts) == self.facts:
            return
        self.facts = list(facts)
        while len(self.lines) > len(facts):
            for label in self.lines.pop():
                label.hide()
                label.deleteLater()
        while len(self.lines) < len(facts):
            row = len(self.lines)
            title = Label(self._look, px=16, token="ink2", elide=False)
            text = Label(self._look, px=16, wrap=True)
            self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1)
            self.lines.append((title, text))
        for (title, text), fact in zip(self.lines, facts, strict=True):
            title.setText(fact.title)
            text.set_color_token(fact.token)
            text.setText(fact.text)


DEVICES, VOICE_TAB, REFUSED = "devices", "voice", "refused"
LOOK_AGAIN = timedelta(minutes=1)
LOOK_FOR_PCS = timedelta(seconds=15)


def text_line_columns(heads: Sequence[str], *, sign: int = 0) -> list[row_tables.TableColumn[EquipmentTableRow]]:
    """Return columns of finished texts; `sign` is the one with the icon, the last takes the remaining room."""

    def text_line_column(at: int, title: str) -> row_tables.TableColumn[EquipmentTableRow]:
        is_last = at == len(heads) - 1
        return row_tables.TableColumn(
            title=title,
            text=lambda line: line.cells[at],
            bold=at == 0,
            token=lambda line: line.token if at == sign or line.token == "amber" else "ink",
            icon=(lambda line: line.icon) if at == sign else None,
            gives=is_last,
            grows=is_last,
            least=160 if is_last else None,
        )

    return [text_line_column(at, title) for at, title in enumerate(heads)]


def _lines_spec(
    name: Words, icon: str, heads: Callable[[], Sequence[str]], *, sign: int = 0, **more: Any
) -> RecordPageSpec[EquipmentTableRow]:
    """Return a list of finished texts; `sign` as above."""
    return RecordPageSpec(
        name=name,
        icon=icon,
        columns=lambda _context: text_line_columns(heads(), sign=sign),
        key=lambda line: line.key,
        tip=lambda line: line.tip,
        spoken=lambda line, _column: line.tip,
        **more,
    )


def _refused_spec(context: StationContext) -> RecordPageSpec[EquipmentTableRow]:
    """Return the list of the access journal."""
    return _lines_spec(
        lambda: _("Refused", context="tab"),
        "lock",
        _refusal_column_titles,
        read=lambda desk, _ask: reading.latest_refusals_for_lack_of_rights(desk, most=MOST_REFUSALS),
        rows=lambda found: access_refusal_lines(context.feed.setup, found, context.clock()),
        empty=lambda: (_("Nobody was refused."), _("Wrong PINs and steps that a role does not allow are noted here.")),
    )


OUTAGES = _lines_spec(lambda: _("Outages today"), "plug", _outage_column_titles)
CALLS = _lines_spec(lambda: _("Announcement", context="column"), "speaker", _announcement_column_titles, sign=3)


class EquipmentPage(ManagerPage):
    """`place_wanted` asks for the voice in the set-up."""

    place_wanted = Signal(object)

    def __init__(self, look: Look, controller: EquipmentController, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: _("Equipment"),
            acts=(
                PageAct(
                    text=lambda: _("This hall has no loudspeaker"),
                    do=controller.switch_hall_voice_off,
                    icon="speaker-off",
                    tip=lambda: _("Calls are only shown then, and no voice is missed."),
                    changes_hall=True,
                    offered=controller.can_switch_failed_voice_off,
                ),
                PageAct(text=lambda: _("Set up the voice"), do=self._request_voice_settings, icon="gear"),
            ),
        )
        super().__init__(look, spec, parent)
        self._controller = controller
        self.silence_button, self.set_up_button = self.buttons
        self._asked: datetime | None = None
        self._looked: datetime | None = None
        self._now: datetime | None = None
        self._only_silent = False
        self._has_checks = False
        self.tabs = TabRow(look)
        self.tabs.setAccessibleName(_("Equipment"))
        self.tabs.set_tabs(
            [
                (DEVICES, _("Devices", context="tab")),
                (VOICE_TAB, _("Voice", context="tab")),
                (REFUSED, _("Refused", context="tab")),
            ]
        )
        devices = _lines_spec(
            lambda: _("Devices", context="tab"),
            "plug",
            lambda: _device_column_titles(checked=self._has_checks),
            empty=lambda: (
                _("No device has reported yet."),
                _(
                    "Display, kiosk, plate, line and rating screen report when they start, a printer with its first slip."
                ),
                _("Screens of this PC") if controller.context.services.open_this_pc is not None else "",
            ),
        )
        specs = (devices, OUTAGES, CALLS, _refused_spec(controller.context))
        self.devices, self.outages, self.calls, self.refusals = (RecordList(controller.context, one) for one in specs)
        self.about_refusals = Label(
            look,
            _(
                "People who asked for something their role does not allow, or did not prove who they are. No report shows it."
            ),
            px=16,
            token="ink2",
            wrap=True,
        )
        self.outages_title = Label(look, _("Outages today"), px=17, bold=True)
        self.no_outage = Label(look, _("None."), px=16, token="ink2", wrap=True)
        self.aside = Label(look, px=16, wrap=True)
        """What of the log can't be read."""
        self.facts = FactList(look)
        self.all_pill, self.silent_pill = FilterPill(look, "", height=36), FilterPill(look, "", height=36)
        self.pages = QStackedWidget()
        self.add_tools(self.tabs)
        self.add_part(self.pages, 1)
        self.pages.addWidget(
            self._new_tab(
                (self.aside, 0), (self.devices, 3), (self.outages_title, 0), (self.no_outage, 0), (self.outages, 2)
            )
        )
        self.pages.addWidget(self._build_voice_tab())
        self.pages.addWidget(self._new_tab((self.about_refusals, 0), (self.refusals, 1)))
        self.tabs.picked.connect(self.open_tab)
        self.devices.empty.acted.connect(self._open_this_pc_settings)
        self.all_pill.clicked.connect(lambda: self._show_all_or_silent_calls(only_silent=False))
        self.silent_pill.clicked.connect(lambda: self._show_all_or_silent_calls(only_silent=True))
        controller.heard.connect(self._show_calls)
        controller.known.connect(self._show_facts)
        controller.seen.connect(self._show_devices)
        self.refusals.controller.changed.connect(self._show_refusals)
        controller.silenced.connect(self._say_calls_only_shown)
        controller.refused.connect(self.show_act_warning)
        self.open_tab(DEVICES)

    def _new_tab(self, *parts: tuple[QWidget, int]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        set_scaled_margins(self._look, column, spacing=12)
        for part, stretch in parts:
            column.addWidget(part, stretch)
        column.addStretch(0)
        return page

    def _build_voice_tab(self) -> QWidget:
        look = self._look
        about = Card(look)
        within = QVBoxLayout(about)
        set_scaled_margins(look, within, (18, 12, 18, 12))
        within.addWidget(self.facts)
        pills = QWidget()
        row = QHBoxLayout(pills)
        set_scaled_margins(look, row, spacing=8)
        for pill in (self.all_pill, self.silent_pill):
            row.addWidget(pill)
        row.addStretch(1)
        self._pills = pills
        return self._new_tab((about, 0), (pills, 0), (self.calls, 1))

    def _request_voice_settings(self) -> None:
        self.place_wanted.emit(ButtonTarget("voice"))

    def _say_calls_only_shown(self) -> None:
        self.said.emit(_("Calls are only shown from now on. Set-up, Voice turns speaking on again."), "check")

    def _open_this_pc_settings(self) -> None:
        if (open_this_pc := self._controller.context.services.open_this_pc) is not None:
            open_this_pc()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def open_tab(self, key: str) -> None:
        self.tabs.select_without_signal(key)
        self.pages.setCurrentIndex((DEVICES, VOICE_TAB, REFUSED).index(key))
        self.set_up_button.setVisible(key == VOICE_TAB)
        if self._now is not None:
            self.refresh(self._now)

    def state_to_restore(self) -> tuple[str, bool]:
        return self.tabs.current_tab_key(), self._only_silent

    def restore_state(self, left: tuple[str, bool]) -> None:
        tab, self._only_silent = left
        self.open_tab(tab)

    @property
    def _hall_state(self) -> HallState:
        return self._controller.context.feed.state

    def refresh(self, now: datetime) -> None:
        """Update the visible tab to `now`; the voice's calls are read in the background."""
        self._now = now
        day = business_date(set_up(self._hall_state), now)
        self.head.set_subtitle(_("as of {time}", time=time_with_day_unless_today(set_up(self._hall_state), now, now)))
        if self._has_checks != _needs_or_has_checks_in_hall(self._hall_state, day):
            self._has_checks = not self._has_checks
        if page_controller.is_out_of_date(self._looked, now, LOOK_FOR_PCS):
            self._looked = now
            self._controller.read_sharing_pcs()
            self._controller.start_reading_last_backup_proof()
        self._show_devices()
        self.silence_button.setVisible(self._controller.can_switch_failed_voice_off())
        if self.tabs.current_tab_key() == VOICE_TAB:
            self._controller.read(day)
            if set_up(self._hall_state).voice.spoken and page_controller.is_out_of_date(self._asked, now, LOOK_AGAIN):
                self._asked = now
                self._controller.read_voices_of_this_pc()
            self._show_calls()
        if self.tabs.current_tab_key() == REFUSED:
            self.refusals.controller.refresh()
            self._show_refusals()

    def _show_devices(self) -> None:
        if (now := self._now) is None:
            return
        day = business_date(set_up(self._hall_state), now)
        columns = len(_device_column_titles(checked=self._has_checks))
        told = self._controller.pcs_told or now
        pcs = _pc_lines(set_up(self._hall_state), self._controller.pcs, told, columns=columns)
        devices = [*pcs, *device_table_rows(self._hall_state, day, now, self._controller.proven)]
        self.devices.show_rows(devices)
        self.aside.setText(set_aside_events_sentence(self._hall_state.aside) if self._hall_state.aside else "")
        self.aside.setVisible(bool(self._hall_state.aside))
        outages = outage_table_rows(self._hall_state, day, now)
        self.outages.show_rows(outages)
        self.outages.setVisible(bool(outages))
        # As high as its rows: a card with three of them is no empty page.
        for one in (self.devices, self.outages):
            one.limit_height_to_rows()
        self.no_outage.setVisible(bool(devices) and not outages)
        self.outages_title.setVisible(bool(devices))

    def _show_calls(self) -> None:
        is_spoken = set_up(self._hall_state).voice.spoken
        self._pills.setVisible(is_spoken)
        self.calls.setVisible(is_spoken)
        rows = self._controller.rows
        silent = [one for one in rows if one.is_silent]
        self.all_pill.setText(_("All {n}", n=len(rows)))
        self.silent_pill.setText(_("Silent {n}", n=len(silent)))
        self.all_pill.setChecked(not self._only_silent)
        self.silent_pill.setChecked(self._only_silent)
        self.calls.set_empty_texts(
            _("No call was silent today") if self._only_silent and rows else _("Nobody was called today")
        )
        self.calls.show_rows(_announcement_table_rows(set_up(self._hall_state), silent if self._only_silent else rows))
        self._show_facts()

    def _show_facts(self) -> None:
        if self._now is None:
            return
        facts = _voice_facts(self._hall_state, self._now)
        if not set_up(self._hall_state).voice.spoken:
            self.facts.show_facts(facts)
            return
        facts += _announcement_facts(self._controller.rows)
        if self._controller.voices is not None and self._controller.clips is not None:
            facts += [*pc_voice_facts(self._controller.voices), voice_clips_fact(self._controller.clips)]
        self.facts.show_facts(facts)

    def _show_refusals(self) -> None:
        rows = self.refusals.controller.rows
        self.refusals.show_rows(rows)
        self.about_refusals.setVisible(bool(rows))

    def _show_all_or_silent_calls(self, *, only_silent: bool) -> None:
        self._only_silent = only_silent
        self._show_calls()


def make_equipment_page(controller: ManagerController, own: ControllerCache) -> EquipmentPage:
    """Return the page for the manager's side list."""
    context = controller.context
    return EquipmentPage(context.look, own(EquipmentController, context))
