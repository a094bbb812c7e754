"""One total of another channel, over the page: how many it served, and what was paid there; or a new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.channel import ChannelTotal, period_of
from queuedesk.core.setup.values import Setup
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import _
from queuedesk.i18n.names import service_name
from queuedesk.i18n.talk.remark_words import channel
from queuedesk.sim.channels import cents_of, channel_code, count_of
from queuedesk.stations.manager.imports.channels_words import total_title
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.fields_dialog import FieldsDialog
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.style import Look

MEANT = {"total": "count", "period": "period", "channel": "channel", "site": "site", "amount": "amount"}


class TotalDialog(FieldsDialog):
    """`wanted` gives a ChannelTotal. It closes when its total is to be taken away."""

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
        fields = {
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
        rows = [figures] if known else [("channel", "site"), ("period", "service"), figures]
        self.lay(fields, rows, removable=known is not None)
        if known is not None:
            self.fields["count"].set_value(str(known.n))
            if known.amount_cents is not None:
                self.fields["amount"].set_value(f"{known.amount_cents / 100:.2f}")

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
        self.say_wrong(wrong)
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

    def _remove(self) -> None:
        self.close_dialog()
        super()._remove()

    def meant(self, trouble: QueueDeskError) -> str:
        if trouble.code in ("period_not_over", "counted_twice"):
            return "period"
        return MEANT.get(super().meant(trouble), "")

    def first_field(self) -> QWidget:
        return self.fields["count"].edit if self._known else self.channel
