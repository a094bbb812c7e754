"""Reads other channels' totals, takes a file in, corrects single totals and saves them, beside the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from queuedesk.core.imports.channel import ChannelTotal, Key
from queuedesk.features.channels import verbs
from queuedesk.features.channels.rules import Ledger
from queuedesk.features.channels.verbs import ChannelTable
from queuedesk.i18n import current
from queuedesk.stations.manager.parts.intake import IntakeController
from queuedesk.stations.window.context import StationContext


class ChannelsController(IntakeController[Ledger, ChannelTable]):
    KIND = "channels"

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, Ledger(), parent)

    def _reader(self) -> Callable[[], Ledger]:
        return partial(verbs.ledger_of, self.context.desk, self.context.clock())

    def reader(self, path: Path) -> Callable[[], ChannelTable]:
        return partial(verbs.read_channels, path, self.context.feed.setup.services)

    @property
    def known(self) -> dict[Key, ChannelTotal]:
        return {one.key: one for one in self.found.totals}

    # -- acts --------------------------------------------------------------------------------------------------------

    def take_over(self) -> None:
        """Import the previewed file."""
        if (table := self.coming) is not None:
            path, sha256 = str(table.path), table.sha256
            self.act("import", verbs.take_totals, table.totals, lines=table.lines, path=path, sha256=sha256)

    def put(self, total: ChannelTotal) -> None:
        """Add or correct one total."""
        named, paid = (total.channel, total.period, total.service), total.amount_cents
        self.act("set", verbs.set_total, *named, total.n, site=total.site, amount_cents=paid)

    def take_away(self, total: ChannelTotal) -> None:
        named = (total.channel, total.period, total.service)
        self.act("remove", verbs.set_total, *named, None, site=total.site)

    def save(self, ending: str) -> None:
        """Write the totals, or an empty form, into the folder of reports."""
        from queuedesk.features.channels.papers import write_totals

        setup, totals, lang = self.context.feed.setup, self.found.totals, current()
        local_now = setup.local(self.context.clock())
        self.write(f"channels.{ending}", lambda path: write_totals(totals, setup, path, lang, local_now))
