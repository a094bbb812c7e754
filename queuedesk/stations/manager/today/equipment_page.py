"""The hall's equipment: every device as it stands, today's outages, what the voice made of each call; and who was
refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import set_up
from queuedesk.i18n import _
from queuedesk.i18n.upkeep.aside_words import aside_sentence
from queuedesk.stations.manager.network.sharing_words import pc_lines
from queuedesk.stations.manager.parts.fact_list import FactList
from queuedesk.stations.manager.parts.page_head import PageHead
from queuedesk.stations.manager.today import equipment_words as words
from queuedesk.stations.manager.today.equipment_controller import EquipmentController
from queuedesk.stations.manager.today.equipment_rows import ROW, LineRows, LineTable
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tabs import TabRow
from queuedesk.stations.widgets.panels import Card, EmptyState, spread
from queuedesk.stations.widgets.pills import FilterPill
from queuedesk.stations.window.style import Look

DEVICES, VOICE, REFUSED = "devices", "voice", "refused"
LOOK_AGAIN = timedelta(minutes=1)
LOOK_FOR_PCS = timedelta(seconds=15)


class EquipmentPage(QWidget):
    """`voice_wanted` asks for the voice in the set-up."""

    said = Signal(str, str)
    voice_wanted = Signal()

    def __init__(self, look: Look, controller: EquipmentController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self._asked: datetime | None = None
        self._looked: datetime | None = None
        self._now: datetime | None = None
        self._only_silent = False
        self.head = PageHead(look)
        self.set_up_button = SecondaryButton(look, "", icon="gear")
        self.head.add_button(self.set_up_button)
        self.tabs = TabRow(look)
        self._has_checks = False
        self.devices = LineRows(look, lambda: words.device_heads(checked=self._has_checks))
        self.devices_table = LineTable(look, self.devices)
        self.outages = LineRows(look, words.outage_heads)
        self.outages_table = LineTable(look, self.outages)
        self.calls = LineRows(look, words.said_heads, sign=3)
        self.calls_table = LineTable(look, self.calls)
        self.refusals = LineRows(look, words.refusal_heads)
        self.refusals_table = LineTable(look, self.refusals)
        self.about_refusals = Label(look, px=16, token="ink2", wrap=True)
        self.nobody_refused = EmptyState(look, "lock")
        self.outages_title = Label(look, px=17, bold=True)
        self.no_outage = Label(look, px=16, token="ink2", wrap=True)
        self.no_device = EmptyState(look, "plug")
        self.aside = Label(look, px=16, wrap=True)
        """What of the log can't be read."""
        self.facts = FactList(look)
        self.all_pill, self.silent_pill = FilterPill(look, "", height=36), FilterPill(look, "", height=36)
        self.pages = QStackedWidget()
        self._build()
        self.tabs.picked.connect(self.open_tab)
        self.set_up_button.clicked.connect(self.voice_wanted)
        self.all_pill.clicked.connect(lambda: self._filter(only_silent=False))
        self.silent_pill.clicked.connect(lambda: self._filter(only_silent=True))
        controller.heard.connect(self._show_calls)
        controller.known.connect(self._show_facts)
        controller.seen.connect(self._show_devices)
        controller.told.connect(self._show_refusals)
        self.retranslate()
        self.open_tab(DEVICES)

    def _build(self) -> None:
        look = self._look
        column = QVBoxLayout(self)
        spread(look, column, (0, 8, 0, 20), 8)
        head = QHBoxLayout()
        spread(look, head, (32, 0, 12, 0))
        head.addWidget(self.head)
        column.addLayout(head)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        self.pages.addWidget(self._devices_page())
        self.pages.addWidget(self._voice_page())
        self.pages.addWidget(self._refusals_page())

    def _devices_page(self) -> QWidget:
        look, page = self._look, QWidget()
        column = QVBoxLayout(page)
        spread(look, column, (32, 8, 32, 0), 12)
        self._devices_card = Card(look)
        within = QVBoxLayout(self._devices_card)
        spread(look, within, (8, 8, 8, 8))
        within.addWidget(self.devices_table)
        column.addWidget(self.aside)
        column.addWidget(self._devices_card, 3)
        column.addWidget(self.no_device, 1)
        column.addWidget(self.outages_title)
        column.addWidget(self.no_outage)
        self._outages_card = Card(look)
        within = QVBoxLayout(self._outages_card)
        spread(look, within, (8, 8, 8, 8))
        within.addWidget(self.outages_table)
        column.addWidget(self._outages_card, 2)
        column.addStretch(0)
        return page

    def _voice_page(self) -> QWidget:
        look, page = self._look, QWidget()
        column = QVBoxLayout(page)
        spread(look, column, (32, 8, 32, 0), 12)
        about = Card(look)
        within = QVBoxLayout(about)
        spread(look, within, (18, 12, 18, 12))
        within.addWidget(self.facts)
        column.addWidget(about)
        pills = QHBoxLayout()
        spread(look, pills, spacing=8)
        for pill in (self.all_pill, self.silent_pill):
            pills.addWidget(pill)
        pills.addStretch(1)
        column.addLayout(pills)
        card = Card(look)
        within = QVBoxLayout(card)
        spread(look, within, (8, 8, 8, 8))
        within.addWidget(self.calls_table)
        column.addWidget(card, 1)
        return page

    def _refusals_page(self) -> QWidget:
        look, page = self._look, QWidget()
        column = QVBoxLayout(page)
        spread(look, column, (32, 8, 32, 0), 12)
        column.addWidget(self.about_refusals)
        self._refusals_card = Card(look)
        within = QVBoxLayout(self._refusals_card)
        spread(look, within, (8, 8, 8, 8))
        within.addWidget(self.refusals_table)
        column.addWidget(self._refusals_card, 1)
        column.addWidget(self.nobody_refused, 1)
        return page

    # -- what is shown -----------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.head.set_title(_("Equipment"))
        self.set_up_button.setText(_("Set the voice up"))
        self.tabs.set_tabs(
            [
                (DEVICES, _("Devices", context="tab")),
                (VOICE, _("Voice", context="tab")),
                (REFUSED, _("Refused", context="tab")),
            ]
        )
        self.tabs.setAccessibleName(_("Equipment"))
        self.outages_title.setText(_("Outages today"))
        self.no_outage.setText(_("None."))
        self.no_device.set_texts(
            _("No device has reported yet."),
            _("Display, kiosk, plate, line and rating screen report when they start, a printer with its first slip."),
        )
        self.about_refusals.setText(
            _(
                "Who asked for what their role may not do or read, or did not prove who they are. It stands in no report."
            )
        )
        self.nobody_refused.set_texts(
            _("Nobody was refused."),
            _("A wrong PIN and a step that a role may not take are noted here."),
        )
        self.refusals_table.setAccessibleName(_("Refused", context="tab"))
        self.devices_table.setAccessibleName(_("Devices", context="tab"))
        self.outages_table.setAccessibleName(_("Outages today"))
        self.calls_table.setAccessibleName(_("What was said", context="column"))
        for table in (self.devices_table, self.outages_table, self.calls_table, self.refusals_table):
            table.retranslate()
        if self._now is not None:
            self.refresh(self._now)

    def open_tab(self, key: str) -> None:
        """Show a tab."""
        self.tabs.set_current(key)
        self.pages.setCurrentIndex((DEVICES, VOICE, REFUSED).index(key))
        self.set_up_button.setVisible(key == VOICE)
        if self._now is not None:
            self.refresh(self._now)

    @property
    def _state(self) -> HallState:
        return self._controller.context.feed.state

    def refresh(self, now: datetime) -> None:
        """Bring what is seen up to `now`; the voice's calls are read beside."""
        self._now = now
        day = business_date(set_up(self._state), now)
        self.head.set_line(_("as of {time}", time=words.moment_text(set_up(self._state), now, now)))
        if self._has_checks != words.has_checks(self._state, day):
            self._has_checks = not self._has_checks
            self.devices.begin_anew()
        if words.stale(self._looked, now, LOOK_FOR_PCS):
            self._looked = now
            self._controller.look_for_pcs()
            self._controller.look_at_backup()
        self._show_devices()
        if self.tabs.current() == VOICE:
            self._controller.read(day)
            if words.stale(self._asked, now, LOOK_AGAIN):
                self._asked = now
                self._controller.ask_pc()
            self._show_calls()
        if self.tabs.current() == REFUSED:
            self._controller.read_refusals()
            self._show_refusals()

    def _show_devices(self) -> None:
        if (now := self._now) is None:
            return
        day = business_date(set_up(self._state), now)
        pcs = pc_lines(
            set_up(self._state), self._controller.pcs, now, columns=len(words.device_heads(checked=self._has_checks))
        )
        devices = [*pcs, *words.device_lines(self._state, day, now, self._controller.proven)]
        self.devices.show(devices)
        self.aside.setText(aside_sentence(self._state.aside) if self._state.aside else "")
        self.aside.setVisible(bool(self._state.aside))
        outages = words.outage_lines(self._state, day, now)
        self.outages.show(outages)
        has_devices = bool(devices)
        self._devices_card.setVisible(has_devices)
        self.no_device.setVisible(not has_devices)
        self._outages_card.setVisible(bool(outages))
        # As high as its rows: a card with three of them is no empty page.
        for card, lines in ((self._devices_card, devices), (self._outages_card, outages)):
            card.setMaximumHeight(self._look.px(ROW) * (len(lines) + 2))
        self.no_outage.setVisible(has_devices and not outages)
        self.outages_title.setVisible(has_devices)

    def _show_calls(self) -> None:
        rows = self._controller.rows
        silent = [one for one in rows if one.is_silent]
        self.all_pill.setText(_("All {n}", n=len(rows)))
        self.silent_pill.setText(_("Silent {n}", n=len(silent)))
        self.all_pill.setChecked(not self._only_silent)
        self.silent_pill.setChecked(self._only_silent)
        self.calls.show(words.said_lines(set_up(self._state), silent if self._only_silent else rows))
        self._show_facts()

    def _show_facts(self) -> None:
        if self._now is None:
            return
        facts = [*words.voice_facts(self._state, self._now), *words.said_facts(self._controller.rows)]
        if self._controller.voices is not None and self._controller.clips is not None:
            facts += [*words.pc_facts(self._controller.voices), words.clips_fact(self._controller.clips)]
        self.facts.show_facts(facts)

    def _show_refusals(self) -> None:
        if self._now is None or self._controller.refusals is None:
            return
        lines = words.refusal_lines(set_up(self._state), self._controller.refusals, self._now)
        self.refusals.show(lines)
        self.about_refusals.setVisible(bool(lines))
        self._refusals_card.setVisible(bool(lines))
        self.nobody_refused.setVisible(not lines)

    def _filter(self, *, only_silent: bool) -> None:
        self._only_silent = only_silent
        self._show_calls()
