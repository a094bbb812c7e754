"""Reads other channels' totals, takes a file in, corrects single totals and saves them, beside the window."""

from __future__ import annotations

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


class ChannelsController(IntakeController[Ledger]):
    """`ledger` is the log's, `coming` the previewed file, None without one."""

    KIND = "channels"

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.ledger = Ledger()
        self.coming: ChannelTable | None = None

    def read(self) -> Ledger:
        return verbs.ledger_of(self.context.desk, self.context.clock())

    def take(self, found: Ledger) -> None:
        self.ledger = found

    def forget_preview(self) -> None:
        self.coming = None

    @property
    def known(self) -> dict[Key, ChannelTotal]:
        return {one.key: one for one in self.ledger.totals}

    # -- acts --------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file for a preview; nothing is imported."""
        services = self.context.feed.setup.services

        def keep(found: ChannelTable) -> None:
            self.coming = found

        self.open()
        self.read_file(lambda: verbs.read_channels(path, services), keep)

    def take_over(self) -> None:
        """Import the previewed file."""
        table, ask = self.coming, self.context.ask()
        if table is None:
            return
        take = partial(verbs.take_totals, lines=table.lines, path=str(table.path), sha256=table.sha256)
        self.start("import", lambda: take(self.context.desk, ask, table.totals))

    def put(self, total: ChannelTotal) -> None:
        """Add or correct one total."""
        ask, named = self.context.ask(), (total.channel, total.period, total.service)
        put = partial(verbs.set_total, site=total.site, amount_cents=total.amount_cents)
        self.start("set", lambda: put(self.context.desk, ask, *named, total.n))

    def take_away(self, total: ChannelTotal) -> None:
        ask, named = self.context.ask(), (total.channel, total.period, total.service)
        self.start("remove", lambda: verbs.set_total(self.context.desk, ask, *named, None, site=total.site))

    def save(self, ending: str) -> None:
        """Write the totals, or an empty form, into the folder of reports."""
        from queuedesk.features.channels.papers import write_totals

        setup, totals, lang = self.context.feed.setup, self.ledger.totals, current()
        local_now = setup.local(self.context.clock())
        self.write(f"channels.{ending}", lambda path: write_totals(totals, setup, path, lang, local_now))
