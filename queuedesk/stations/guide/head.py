"""The top of the front desk: where this is, the printer's health, who is here, and one alert at most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.network.people import Actor
from queuedesk.core.queue.overview import ServiceLine
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, named, role, time_hm
from queuedesk.i18n.talk.device_words import cause_words
from queuedesk.stations.guide.figures import too_full, too_full_texts
from queuedesk.stations.guide.ticket.printing import SlipPrinter
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.topbar import TopBar, TopItem
from queuedesk.stations.window.away import away_texts
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.style import Look

PAPER_PAGE = "days"


class Head(QWidget):
    """The top bar and the alert under it. `help_wanted` names a page of the user guide."""

    more_wanted = Signal(QPoint)
    help_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.top = TopBar(look)
        self.top.menu_wanted.connect(self.more_wanted)
        self.banner = Banner(look, full=True)
        self.banner.hide()
        self.banner.acted.connect(partial(self.help_wanted.emit, PAPER_PAGE))
        self._shown: tuple[str, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.banner)

    def retranslate(self, setup: Setup) -> None:
        self.top.set_place(_("Front desk"), named(setup.hall.name, setup.hall.name_en))
        self.top.set_more_name(_("More"))

    def set_clock(self, setup: Setup, now: datetime) -> None:
        self.top.set_clock(time_hm(setup.local(now)))

    def set_health(self, setup: Setup, printer: SlipPrinter, who: Actor | None) -> None:
        """Show whether the printer works as far as that is known, and who is here."""
        is_well = printer.trouble is None and not printer.is_slow and not printer.warning
        said, person = _printer_word(printer), _person(setup, who)
        if (said, person) == self._shown:
            return
        self._shown = (said, person)
        items = [TopItem(text=said, icon="print", token="ink2" if is_well else "amber")]
        self.top.set_items([*items, TopItem(text=person, rule=True)] if person else items)

    def set_alert(
        self, feed: HallFeed, lines: Sequence[ServiceLine], now: datetime, away_since: datetime | None
    ) -> None:
        """Say that the hall is away, or that today's work may not be done, or nothing."""
        warning = too_full(feed.setup, lines, now) if away_since is None else None
        if away_since is not None:
            fact, rest = away_texts(feed, feed.setup.local(away_since))
            rest = _("{what} Please use paper tickets; enter them later.", what=rest)
            self.banner.set_banner("amber", fact, rest, icon="away", button=_("How paper tickets work"))
        elif warning is not None:
            self.banner.set_banner("red", *too_full_texts(warning))
        self.banner.setVisible(away_since is not None or warning is not None)


def _printer_word(printer: SlipPrinter) -> str:
    trouble = printer.trouble
    if trouble is None and printer.is_slow:
        return _("Printer is slow")
    if trouble is None and not printer.warning:
        return _("Printer ready") if printer.is_known else _("Printer")
    if trouble is not None and trouble.code == "no_printer":
        return _("No printer")
    cause = (
        cause_words(str(trouble.details.get("cause") or "")) if trouble is not None else cause_words(printer.warning)
    )
    return _("Printer: {cause}", cause=cause) if cause else _("Printer did not print")


def _person(setup: Setup, who: Actor | None) -> str:
    member = setup.staff.get(who.name) if who else None
    if who is None or member is None:
        return ""
    return _("{role} · {name}", role=role(str(who.role)), name=named(member.name, member.name_en))
