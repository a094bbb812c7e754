"""What the page of other channels asks for: their ledger with the hall's share, a file that is looked at, totals put
right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from queuedesk.core.imports.channel import ChannelTotal, Key, Ledger
from queuedesk.desk.figures import importing
from queuedesk.i18n import current
from queuedesk.sim.imports import ChannelTable, read_channels
from queuedesk.stations.manager.imports.intake_controller import IntakeController
from queuedesk.stations.window.context import StationContext

Act = Callable[..., Any]


class ChannelsController(IntakeController):
    """`ledger` is that of the log, `coming` the file that is looked at, None without one."""

    KIND = "channels"

    def __init__(
        self,
        context: StationContext,
        *,
        ledger_of: Act = importing.ledger_of,
        take_totals: Act = importing.take_totals,
        set_total: Act = importing.set_total,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._of, self._take, self._set = ledger_of, take_totals, set_total
        self.ledger = Ledger()
        self.coming: ChannelTable | None = None

    def read(self) -> Ledger:
        found: Ledger = self._of(self.context.desk, self.context.clock())
        return found

    def take(self, found: Ledger) -> None:
        self.ledger = found

    def forget_preview(self) -> None:
        self.coming = None

    @property
    def known(self) -> dict[Key, ChannelTotal]:
        return {one.key: one for one in self.ledger.totals}

    # -- acts --------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file to look at; nothing is put in."""
        services = self.context.feed.setup.services

        def keep(found: ChannelTable) -> None:
            self.coming = found

        self.open()
        self.read_file(lambda: read_channels(path, services), keep)

    def take_over(self) -> None:
        """Put the file that is looked at into the log."""
        table, ask = self.coming, self.context.ask()
        if table is None:
            return
        more = {"lines": table.lines, "path": str(table.path), "sha256": table.sha256}
        self.start("import", lambda: self._take(self.context.desk, ask, table.totals, **more))

    def put(self, total: ChannelTotal) -> None:
        """Put in or correct one total."""
        ask, named = self.context.ask(), (total.channel, total.period, total.service)
        more = {"site": total.site, "amount_cents": total.amount_cents}
        self.start("set", lambda: self._set(self.context.desk, ask, *named, total.n, **more))

    def take_away(self, total: ChannelTotal) -> None:
        ask, named = self.context.ask(), (total.channel, total.period, total.service)
        self.start("remove", lambda: self._set(self.context.desk, ask, *named, None, site=total.site))

    def save(self, ending: str) -> None:
        """Write the totals, or an empty form, into the folder of reports."""
        from queuedesk.reports.papers.indicator_page import write_totals

        setup, totals, lang = self.context.feed.setup, self.ledger.totals, current()
        local_now = setup.local(self.context.clock())
        self.write(f"channels.{ending}", lambda path: write_totals(totals, setup, path, lang, local_now))
