"""The hall's equipment: devices as they stand, today's outages, what the voice made of calls; and who was refused. What
reads it has no widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import AccessRefusal
from queuedesk.core.network.sharing import SharedPc
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import set_up
from queuedesk.core.talk.announcement import AnnouncementRecord
from queuedesk.core.talk.device import MUTE, VOICE
from queuedesk.core.upkeep import BackupStatus
from queuedesk.desk import reading
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import announcing
from queuedesk.desk.upkeep import backing_up
from queuedesk.features.equipment.pages import texts as words
from queuedesk.features.equipment.pages.texts import EquipmentTableRow, VoiceFact
from queuedesk.i18n import _
from queuedesk.i18n.upkeep.preview_words import set_aside_events_sentence
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.network.words import when_text
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.parts.page_controller import BackgroundReader, stale
from queuedesk.stations.manager.parts.table import TableColumn, TableOrEmptyCard, TableSpec
from queuedesk.stations.manager.today.alert_words import ButtonTarget
from queuedesk.stations.widgets.buttons import FilterPill
from queuedesk.stations.widgets.lists.tiles import TabRow
from queuedesk.stations.widgets.panels import Card, Label, set_scaled_margins
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.style import Look

# -- the page ----------------------------------------------------------------------------------------------------------

MOST_REFUSALS = 200
"""So many of the access journal are shown, the latest; `access list` tells all."""
REPORTED_WITHIN = timedelta(minutes=5)
"""A voice has said by then what it will ever say of a call: it waits for others, and for a recall that is not due
yet."""


class EquipmentController(SingleCommandRunner):
    """`heard` says that `rows` have changed, `known` that `voices` and `clips` have, `seen` that `pcs` or `proven`, the
    last backup's proof, have, `told` that `refusals` have, `silenced` that calls are only shown from now on.

    What can't be read stays as it was.
    """

    heard = Signal()
    known = Signal()
    seen = Signal()
    told = Signal()
    silenced = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._calls, self._sharing = BackgroundReader(context, self), BackgroundReader(context, self)
        self._backups, self._journal = BackgroundReader(context, self), BackgroundReader(context, self)
        self._voices = BackgroundReader(context, self, is_long=True)
        self.proven: datetime | None = None
        self._day: date | None = None
        self.rows: Sequence[AnnouncementRecord] = ()
        self.voices: Mapping[str, Any] | None = None
        self.clips: Mapping[str, Any] | None = None
        self.pcs: Sequence[SharedPc] = ()
        self.pcs_told: datetime | None = None
        self.refusals: Sequence[AccessRefusal] | None = None

    def read(self, day: date) -> None:
        """Read what was said of the calls of a date; for a day read before only what may have changed."""
        if self._calls.is_on:
            return
        if day != self._day:
            self._day, self.rows = day, ()
        settled = self.context.clock() - REPORTED_WITHIN
        since = next((one.seq for one in self.rows if one.time > settled), self.rows[-1].seq if self.rows else 0)
        self._calls.read(
            partial(announcing.announcements_on, self.context.desk, day, since),
            partial(self._merge_announcement_rows, day, since),
        )

    def _merge_announcement_rows(self, day: date, since: int, found: Sequence[AnnouncementRecord]) -> None:
        rows = [*(one for one in self.rows if one.seq < since), *found]
        if day == self._day and rows != list(self.rows):
            self.rows = rows
            self.heard.emit()

    def read_sharing_pcs(self) -> None:
        """Read which PCs share the hall and their last signs of life; a hall of one PC has none."""
        if (sharing := self.context.services.sharing) is not None and not self._sharing.is_on:
            self._sharing.read(sharing.pcs, partial(self._store_pcs_and_notify, self.context.clock()))

    def _store_pcs_and_notify(self, asked: datetime, pcs: Sequence[SharedPc]) -> None:
        self.pcs_told = asked
        if list(pcs) != list(self.pcs):
            self.pcs = pcs
            self.seen.emit()

    def read_last_proven_backup(self) -> None:
        """Read when the hall's last backup was proven; a PC that may not know it shows nothing."""
        self._backups.read(partial(backing_up.backup_note_of, self.context.desk), self._store_backup_proof_and_notify)

    def _store_backup_proof_and_notify(self, note: BackupStatus) -> None:
        if note.proven != self.proven:
            self.proven = note.proven
            self.seen.emit()

    def read_access_refusals(self) -> None:
        """Read the end of the access journal."""
        self._journal.read(
            partial(reading.latest_access_refusals, self.context.desk, most=MOST_REFUSALS),
            self._store_refusals_and_notify,
        )

    def _store_refusals_and_notify(self, found: Sequence[AccessRefusal]) -> None:
        if self.refusals is None or list(found) != list(self.refusals):
            self.refusals = found
            self.told.emit()

    def may_switch_voice_off(self) -> bool:
        """Whether the person here may say that the hall has no loudspeaker, and a voice of it can't be heard."""
        who, feed = self.context.who, self.context.feed
        is_down = any(one.device == VOICE and one.cause in MUTE for one in feed.state.devices.values())
        return is_down and feed.setup.voice.spoken and who is not None and who.may("set-up")

    def silence(self) -> None:
        """Let calls only be shown: the hall has no loudspeaker."""
        work = partial(
            setting_up.change_single_row_part, self.context.desk, self.context.ask(), "voice", {"spoken": False}
        )
        self.start("set-up", work, lambda _document: self.silenced.emit())

    def read_voices_of_this_pc(self) -> None:
        """Find out what this PC can speak with; an engine that is starting takes some seconds."""
        trials, setup = self.context.services.voice_trials, self.context.feed.setup
        if trials is not None:
            self._voices.read(lambda: (trials.voices(), trials.clips(setup)), self._store_voices_and_clips)

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
        self.facts: list[VoiceFact] = []
        self.lines: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        set_scaled_margins(look, self._grid, spacing=6)
        self._grid.setColumnMinimumWidth(0, look.px(LEAST_TITLE))
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[VoiceFact]) -> None:
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


def text_line_columns(heads: Sequence[str], *, sign: int = 0) -> list[TableColumn[EquipmentTableRow]]:
    """Return columns of finished texts; `sign` is the one with the icon, the last takes the remaining room."""

    def column(at: int, title: str) -> TableColumn[EquipmentTableRow]:
        is_last = at == len(heads) - 1
        return TableColumn(
            title=title,
            text=lambda line: line.cells[at],
            bold=at == 0,
            token=lambda line: line.token if at == sign or line.token == "amber" else "ink",
            icon=(lambda line: line.icon) if at == sign else None,
            gives=is_last,
            grows=is_last,
            least=160 if is_last else None,
        )

    return [column(at, title) for at, title in enumerate(heads)]


def _spec(
    name: Callable[[], str], heads: Callable[[], Sequence[str]], *, sign: int = 0
) -> TableSpec[EquipmentTableRow]:
    return TableSpec(
        name=name,
        columns=lambda: text_line_columns(heads(), sign=sign),
        key=lambda line: line.key,
        tip=lambda line: line.tip,
        spoken=lambda line, _column: line.tip,
    )


class EquipmentPage(ManagerPage):
    """`place_wanted` asks for the voice in the set-up."""

    place_wanted = Signal(object)

    def __init__(self, look: Look, controller: EquipmentController, parent: QWidget | None = None) -> None:
        spec = PageSpec(
            title=lambda: _("Equipment"),
            acts=(
                PageAct(
                    text=lambda: _("This hall has no loudspeaker"),
                    do=controller.silence,
                    icon="speaker-off",
                    tip=lambda: _("Calls are only shown then, and no voice is missed."),
                    changes_hall=True,
                    offered=controller.may_switch_voice_off,
                ),
                PageAct(text=lambda: _("Set up the voice"), do=self._emit_voice_place_wanted, icon="gear"),
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
        line = TableOrEmptyCard[EquipmentTableRow]
        self.devices = line(
            look,
            _spec(lambda: _("Devices", context="tab"), lambda: words.device_column_titles(checked=self._has_checks)),
            "plug",
        )
        self.devices.set_empty_texts(
            _("No device has reported yet."),
            _("Display, kiosk, plate, line and rating screen report when they start, a printer with its first slip."),
            _("Screens of this PC") if self._controller.context.services.open_this_pc is not None else "",
        )
        self.outages = line(look, _spec(lambda: _("Outages today"), words.outage_column_titles), "plug")
        self.calls = line(
            look,
            _spec(lambda: _("Announcement", context="column"), words.announcement_column_titles, sign=3),
            "speaker",
        )
        self.refusals = line(look, _spec(lambda: _("Refused", context="tab"), words.refusal_column_titles), "lock")
        self.refusals.set_empty_texts(
            _("Nobody was refused."), _("Wrong PINs and steps that a role does not allow are noted here.")
        )
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
        self.put_tools(self.tabs)
        self.put(self.pages, 1)
        self.pages.addWidget(
            self._tab(
                (self.aside, 0), (self.devices, 3), (self.outages_title, 0), (self.no_outage, 0), (self.outages, 2)
            )
        )
        self.pages.addWidget(self._build_voice_tab())
        self.pages.addWidget(self._tab((self.about_refusals, 0), (self.refusals, 1)))
        self.tabs.picked.connect(self.open_tab)
        self.devices.empty.acted.connect(self._open_this_pc)
        self.all_pill.clicked.connect(lambda: self._show_all_or_silent_calls(only_silent=False))
        self.silent_pill.clicked.connect(lambda: self._show_all_or_silent_calls(only_silent=True))
        controller.heard.connect(self._show_calls)
        controller.known.connect(self._show_facts)
        controller.seen.connect(self._show_devices)
        controller.told.connect(self._show_refusals)
        controller.silenced.connect(self._say_silenced)
        controller.refused.connect(self.show_act_warning)
        self.open_tab(DEVICES)

    def _tab(self, *parts: tuple[QWidget, int]) -> QWidget:
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
        return self._tab((about, 0), (pills, 0), (self.calls, 1))

    def _emit_voice_place_wanted(self) -> None:
        self.place_wanted.emit(ButtonTarget("voice"))

    def _say_silenced(self) -> None:
        self.said.emit(_("Calls are only shown from now on. Set-up, Voice turns speaking on again."), "check")

    def _open_this_pc(self) -> None:
        if (open_this_pc := self._controller.context.services.open_this_pc) is not None:
            open_this_pc()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def open_tab(self, key: str) -> None:
        self.tabs.select_without_signal(key)
        self.pages.setCurrentIndex((DEVICES, VOICE_TAB, REFUSED).index(key))
        self.set_up_button.setVisible(key == VOICE_TAB)
        if self._now is not None:
            self.refresh(self._now)

    def kept_state(self) -> tuple[str, bool]:
        return self.tabs.current(), self._only_silent

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
        self.head.set_subtitle(_("as of {time}", time=when_text(set_up(self._hall_state), now, now)))
        if self._has_checks != words.needs_or_has_checks(self._hall_state, day):
            self._has_checks = not self._has_checks
        if stale(self._looked, now, LOOK_FOR_PCS):
            self._looked = now
            self._controller.read_sharing_pcs()
            self._controller.read_last_proven_backup()
        self._show_devices()
        self.silence_button.setVisible(self._controller.may_switch_voice_off())
        if self.tabs.current() == VOICE_TAB:
            self._controller.read(day)
            if set_up(self._hall_state).voice.spoken and stale(self._asked, now, LOOK_AGAIN):
                self._asked = now
                self._controller.read_voices_of_this_pc()
            self._show_calls()
        if self.tabs.current() == REFUSED:
            self._controller.read_access_refusals()
            self._show_refusals()

    def _show_devices(self) -> None:
        if (now := self._now) is None:
            return
        day = business_date(set_up(self._hall_state), now)
        columns = len(words.device_column_titles(checked=self._has_checks))
        told = self._controller.pcs_told or now
        pcs = words.pc_lines(set_up(self._hall_state), self._controller.pcs, told, columns=columns)
        devices = [*pcs, *words.device_lines(self._hall_state, day, now, self._controller.proven)]
        self.devices.show_rows(devices)
        self.aside.setText(set_aside_events_sentence(self._hall_state.aside) if self._hall_state.aside else "")
        self.aside.setVisible(bool(self._hall_state.aside))
        outages = words.outage_lines(self._hall_state, day, now)
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
        self.calls.show_rows(words.announcement_lines(set_up(self._hall_state), silent if self._only_silent else rows))
        self._show_facts()

    def _show_facts(self) -> None:
        if self._now is None:
            return
        facts = words.voice_facts(self._hall_state, self._now)
        if not set_up(self._hall_state).voice.spoken:
            self.facts.show_facts(facts)
            return
        facts += words.announcement_facts(self._controller.rows)
        if self._controller.voices is not None and self._controller.clips is not None:
            facts += [*words.pc_voice_facts(self._controller.voices), words.clips_fact(self._controller.clips)]
        self.facts.show_facts(facts)

    def _show_refusals(self) -> None:
        if self._now is None or self._controller.refusals is None:
            return
        lines = words.refusal_lines(set_up(self._hall_state), self._controller.refusals, self._now)
        self.refusals.show_rows(lines)
        self.about_refusals.setVisible(bool(lines))

    def _show_all_or_silent_calls(self, *, only_silent: bool) -> None:
        self._only_silent = only_silent
        self._show_calls()


def make_equipment_page(controller: ManagerController, own: ControllerCache) -> EquipmentPage:
    """Return the page for the manager's side list."""
    context = controller.context
    return EquipmentPage(context.look, own(EquipmentController, context))
