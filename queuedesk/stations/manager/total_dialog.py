"""One total of another channel, over the page: how many it served, and what was paid there; or a new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from queuedesk.core.channel import ChannelTotal, period_of
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.remarks import CHANNELS
from queuedesk.core.setup import Setup
from queuedesk.i18n import _, say
from queuedesk.i18n.names import service_name
from queuedesk.i18n.remark_words import channel
from queuedesk.sim.channels import cents_of, channel_code, count_of
from queuedesk.stations.manager.channels_words import total_title
from queuedesk.stations.manager.page_head import DropDown
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton, TextButton
from queuedesk.stations.widgets.dialogs import Dialog
from queuedesk.stations.widgets.forms import ErrorLine, FormField
from queuedesk.stations.widgets.panels import spread

MEANT = {"total": "count", "period": "period", "channel": "channel", "site": "site", "amount": "amount"}


class TotalDialog(Dialog):
    """`wanted` gives a ChannelTotal, `removal_wanted` the one to take away. It stays open until it is closed."""

    wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, *, known: ChannelTotal | None, channels: Sequence[str] = ()
    ) -> None:
        title = total_title(setup, known) if known else _("Add a total")
        effect = _("What another channel served of a service in a month or on a date that is over.")
        super().__init__(host, look, title=title, effect="" if known else effect, width=760)
        self._known, self._setup = known, setup
        self.channel = DropDown(self.look)
        self.channel.setEditable(True)
        self.channel.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for code in (*CHANNELS, *(one for one in channels if one not in CHANNELS)):
            self.channel.addItem(channel(code))
        self.service = DropDown(self.look)
        for code in setup.services:
            self.service.addItem(service_name(setup, code), code)
        self.fields: dict[str, FormField] = {
            "channel": FormField(self.look, _("Channel", context="column"), edit=self.channel),
            "site": FormField(self.look, _("Site", context="column"), hint=_("empty: the channel as a whole")),
            "period": FormField(
                self.look, _("Month or date", context="column"), hint=_("such as 2026-10 or 2026-10-03")
            ),
            "service": FormField(self.look, _("Service", context="column"), edit=self.service),
            "count": FormField(self.look, _("Count", context="column"), hint=_("how many were served there")),
            "amount": FormField(self.look, _("Amount", context="column"), hint=_("may stay empty")),
        }
        figures = ("count", "amount")
        for names in (figures,) if known else (("channel", "site"), ("period", "service"), figures):
            line = QHBoxLayout()
            spread(self.look, line, spacing=16)
            for name in names:
                line.addWidget(self.fields[name], 1)
            self.body.addLayout(line)
        if known is not None:
            for name in ("channel", "site", "period", "service"):
                self.fields[name].setParent(self.sheet)
                self.fields[name].hide()
            self.fields["count"].set_value(str(known.n))
            if known.amount_cents is not None:
                self.fields["amount"].set_value(f"{known.amount_cents / 100:.2f}")
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.remove_button = TextButton(self.look, _("Take it away"), height=56, px=17)
        self.no_button = SecondaryButton(self.look, _("Do not save"), key="Esc", height=56, px=18)
        self.yes_button = PrimaryButton(self.look, _("Save", context="dialog"), height=56, px=18)
        self.remove_button.setVisible(known is not None)
        self.remove_button.clicked.connect(self._remove)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.clicked.connect(self._do)
        self.buttons.insertWidget(0, self.remove_button)
        self.buttons.addWidget(self.no_button)
        self.buttons.addWidget(self.yes_button)
        for field in self.fields.values():
            field.edited.connect(self._edited)

    def _edited(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        self.trouble.hide()

    def typed(self) -> ChannelTotal | None:
        """Return what was typed, None after saying at a field why it is none."""
        wrong: dict[str, str] = {}
        text = {name: " ".join(field.value().split()) for name, field in self.fields.items()}
        first = last = None
        try:
            first, last = (self._known.first, self._known.last) if self._known else period_of(text["period"])
        except ValueError:
            wrong["period"] = _("A month or a date, such as 2026-10")
        n, cents = count_of(text["count"]), cents_of(text["amount"]) if text["amount"] else None
        if n is None:
            wrong["count"] = _("A whole number, such as 1200")
        if text["amount"] and cents is None:
            wrong["amount"] = _("An amount, such as 1200.50")
        if self._known is None and not text["channel"]:
            wrong["channel"] = _("Which channel?")
        for name, said in wrong.items():
            self.fields[name].set_error(said)
        if wrong or first is None or last is None or n is None:
            return None
        known = self._known
        return ChannelTotal(
            channel=known.channel if known else channel_code(text["channel"]),
            site=known.site if known else text["site"],
            service=known.service if known else self.service.currentData(),
            first=first,
            last=last,
            n=n,
            amount_cents=cents,
        )

    def _do(self) -> None:
        found = self.typed()
        if found is not None:
            self.wanted.emit(found)

    def _remove(self) -> None:
        self.close_dialog()
        self.removal_wanted.emit(self._known)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        """Say at the field that is meant why it was not taken."""
        meant = str(trouble.details.get("field", "")) if isinstance(trouble, RuleError) else ""
        if trouble.code in ("period_not_over", "counted_twice"):
            meant = "period"
        field = self.fields.get(MEANT.get(meant, ""))
        if field is not None and field.isVisible():
            field.set_error(say(trouble))
        else:
            self.trouble.say(say(trouble), refused=True)
            self.trouble.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._do()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        edit = self.fields["count"].edit if self._known else self.channel
        if hasattr(edit, "selectAll"):
            edit.selectAll()
        return edit
