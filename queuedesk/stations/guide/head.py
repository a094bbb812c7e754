"""The top of the front desk: where this is, the printer's health, who is here, and one alert at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.network.people import Actor
from queuedesk.core.queue.overview import ServiceLine
from queuedesk.core.setup.values import Setup
from queuedesk.core.talk.messages import GUIDE
from queuedesk.i18n import _, named, role, time_hm
from queuedesk.i18n.talk.device_words import cause_words
from queuedesk.stations.guide.figures import too_full, too_full_texts
from queuedesk.stations.guide.ticket.printing import SlipPrinter
from queuedesk.stations.lobby.card_line import CardLine
from queuedesk.stations.talk.items import HELP_KEY, MESSAGE_KEY
from queuedesk.stations.talk.strip import OverTopBar
from queuedesk.stations.talk.talk_controller import TalkController
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.widgets.buttons import DangerButton, SecondaryButton
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.topbar import TopBar, TopItem
from queuedesk.stations.window.away import away_texts
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.page import StationPage
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


# The front desk's part in talking: the strip in the top bar, the keys for messages, help and an emergency.

HEIGHT, PX = 40, 16


class GuideTalk(QObject):
    """Puts the strip over `head`'s bar and the emergency under it; `say` gets what was done, with an icon."""

    def __init__(self, page: StationPage, head: Head, say: Callable[[str, str], None]) -> None:
        super().__init__(page)
        look = page.context.look
        self.talking = Talking(page, TalkController(page.context, lambda: GUIDE))
        self.talking.said.connect(say)
        self.message_button = SecondaryButton(look, icon="message", height=HEIGHT, px=PX)
        self.emergency_button = DangerButton(look, icon="warning", height=HEIGHT, px=PX)
        head.top.add_button(self.message_button)
        head.top.add_button(self.emergency_button)
        self._over = OverTopBar(self.talking.strip, head.top)
        column = head.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.talking.banner)
        self.card_line = CardLine(page.context)
        self.card_line.said.connect(say)
        column.insertWidget(2, self.card_line)
        self.message_button.clicked.connect(self.open_message)
        self.talking.hold(self.message_button, self.emergency_button)
        self.emergency_button.clicked.connect(self.talking.open_emergency)
        for key, act in ((MESSAGE_KEY, self.open_message), (HELP_KEY, self.talking.open_help)):
            QShortcut(QKeySequence(key), page).activated.connect(act)

    def open_message(self) -> None:
        """Ask to whom and what."""
        self.talking.open_message()

    def retranslate(self) -> None:
        self.message_button.setText(_("Message", context="talk"))
        self.emergency_button.setText(_("Emergency", context="talk"))
        self.card_line.show_card()
        self.talking.refresh()
