"""What a station shows while its hall can't be reached, and the page where its hall can't be opened at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import references_of_command_additions
from queuedesk.i18n import _, error_sentence
from queuedesk.stations.widgets import buttons, message_place
from queuedesk.stations.widgets.panels import Label, set_scaled_margins
from queuedesk.stations.widgets.topbar import TopBar
from queuedesk.stations.window import context as window_context
from queuedesk.stations.window.frame import WindowPage
from queuedesk.stations.window.style import XL, L, Look
from queuedesk.store.engine.address import has_main_pc_certificate

# -- a hall that can't be opened -----------------------------------------------------------------------------------

FAR_CANVAS = (960, 540)
SILENT = ("database_away", "database_busy")
LASTING = frozenset({"not_this_pc", "database_newer", "database_not_upgraded"})
"""Troubles that no waiting ends: the PC is of another kind, its program too old, or the hall too old for it."""


def _short_trouble_text(code: str) -> str:
    """Return in short what can be read from afar, where the sentence holds versions, places and causes."""
    if code == "database_newer":
        return _("This hall needs a newer QueueDesk.")
    if code == "database_damaged":
        return _("This hall's data are damaged.")
    if code == "database_not_upgraded":
        return _("This hall is from an older QueueDesk and could not be updated.")
    if code == "database_upgrading":
        return _("This hall is being updated.")
    if code == "database_older":
        return _("The hall's main PC has an older QueueDesk than this PC.")
    return ""


def _silence_remedy_text(place: str) -> str:
    """Return what staff do where the server at `place` stays silent."""
    address = window_context.main_pc_address(place)
    if not address:
        return _("If this lasts, press “Share again” on this PC: Set-up, Several PCs.")
    if not has_main_pc_certificate(place):
        return _("If this lasts, let whoever looks after the hall's server look at it ({pc}).", pc=address)
    return _("If this lasts, switch on the main PC ({pc}) and press “Share again” there.", pc=address)


class UnavailablePage(WindowPage):
    """Shows `trouble` and leads home; with `retries` also that the station opens as soon as possible, if waiting can
    help. On a screen for customers, which does not lead home, it names no cause that has a place or a version in it.
    For a damaged hall it offers to show what could be repaired (`look_wanted`, answered by show_repair_plan()), then to
    do it (`mend_wanted`)."""

    home_wanted = Signal()
    look_wanted = Signal()
    mend_wanted = Signal()

    def __init__(
        self,
        look: Look,
        trouble: QueueDeskError,
        *,
        retries: bool = False,
        leads_home: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._trouble, self._retries = trouble, retries
        self._leads_home, self._plan, self._may_mend = leads_home, "", False
        self.bar = TopBar(look)
        self.bar.menu_wanted.connect(self.menu_wanted)
        self.sentence = Label(look, px=XL, bold=True, wrap=True)
        self.second = Label(look, px=L, token="ink2", wrap=True)
        self.home_button = buttons.PrimaryButton(look, icon="home", height=56, px=20)
        self.home_button.clicked.connect(self.home_wanted)
        if not leads_home:
            # On a screen for customers only keys lead away: no PIN can be asked for without the hall. It is read from
            # afar.
            self.home_button.hide()
            self.bar.more_button.hide()
            self.canvas = FAR_CANVAS
        self.mend_button = buttons.SecondaryButton(look, "", icon="check", height=56, px=20)
        self.mend_button.clicked.connect(self._request_preview_or_repair)
        row = QHBoxLayout()
        set_scaled_margins(look, row, spacing=16)
        row.addWidget(self.home_button)
        row.addWidget(self.mend_button)
        row.addStretch(1)
        stage = QVBoxLayout()
        set_scaled_margins(look, stage, (48, 64, 48, 48), 32)
        stage.addWidget(self.sentence)
        stage.addWidget(self.second)
        stage.addLayout(row)
        stage.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(stage, 1)
        self.refresh()

    def remake_contents(self) -> bool:
        self.refresh()
        return True

    def refresh(self) -> None:
        self.bar.set_more_button_name(_("More"))
        self.home_button.setText(_("Home"))
        self.bar.set_title_and_hall(_("QueueDesk"))
        headline, sentence = _short_trouble_text(self._trouble.code), error_sentence(self._trouble)
        opens = self._retries and self._trouble.code not in LASTING
        more = [_("Trying again every few seconds; it opens by itself.")] if opens else []
        if self._trouble.code == "database_newer" and references_of_command_additions("newer"):
            more = [_("Home leads to the update.")]
        if not self._leads_home:
            headline, sentence = _("This screen can't be used at the moment."), _("Please ask a member of staff.")
            cause = _short_trouble_text(self._trouble.code) or _("The hall can't be opened here.")
            more = [_("For staff: {cause}", cause=cause)]
        elif (
            self._trouble.code in SILENT
            and window_context.main_pc_address(place := self._trouble.details.get("path")) is not None
        ):
            more = [*more, _silence_remedy_text(str(place))]
        self.sentence.setText(headline or sentence)
        more = [self._plan] if self._plan else more
        self.second.setText("\n".join(filter(None, (sentence if headline else "", *more))))
        self.mend_button.setText(_("Repair it") if self._may_mend else _("See what can be repaired"))
        self.mend_button.setVisible(
            self._leads_home and self._trouble.code == "database_damaged" and (self._may_mend or not self._plan)
        )

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self._trouble = trouble
        self.refresh()

    def show_repair_plan(self, lines: Sequence[str], *, may: bool) -> None:
        """Show what a repair would do, or its result; `may` offers to do it."""
        self._plan, self._may_mend = "\n".join(lines), may
        self.mend_button.set_busy(False)
        self.refresh()

    def _request_preview_or_repair(self) -> None:
        self.mend_button.set_busy(True)
        (self.mend_wanted if self._may_mend else self.look_wanted).emit()


# -- a hall that can't be reached ----------------------------------------------------------------------------------


def hall_away_texts(feed: window_context.HallFeed, since: datetime) -> tuple[str, str]:
    """Return the fact and what the program does about it; `since` is local time of the hall."""
    time, trouble = feed.away_since_text(since), feed.trouble
    if feed.moves_on:
        return _("The hall is moving to the server …"), _("It continues here in a moment. Nothing is lost.")
    if trouble is not None and trouble.code == "pc_withdrawn":
        fact = _("This PC has not been allowed to use the hall since {time}", time=time)
        return fact, _("A manager can let it join again. This shows {time}.", time=time)
    if trouble is not None and trouble.code == "hall_moved":
        fact = _("The hall moved to a server at {time}", time=time)
        return fact, _("This PC has to join it there. This shows {time}.", time=time)
    if trouble is not None and trouble.code == "database_newer":
        fact = _("This hall has had a newer QueueDesk since {time}", time=time)
        return fact, _("Please open QueueDesk again; if this stays, update this PC. This shows {time}.", time=time)
    if trouble is not None and trouble.code == "clock_ahead":
        return _("The hall has been on hold since {time}", time=time), _("Staff are being asked what day it is.")
    if trouble is not None and trouble.code == "cannot_follow":
        fact = _("This screen had a fault at {time} and is reading the hall again", time=time)
        return fact, _("If this continues, close the window and open it again. This shows {time}.", time=time)
    if not feed.is_shared:
        fact = _("The hall's file can't be opened since {time}", time=time)
    elif trouble is None or trouble.code in SILENT:
        fact = _("The hall's server has not answered since {time}", time=time)
        return fact, _silence_remedy_text(feed.place)
    else:
        fact = error_sentence(trouble)
    return fact, _("Retrying. This shows {time}.", time=time)


def show_or_clear_hall_away_message(
    messages: message_place.StationMessageBar, feed: window_context.HallFeed, since: datetime | None
) -> None:
    """Tell that the hall can't be reached since then, in local time of the hall; None: that it can."""
    if since is None:
        messages.tell(message_place.MessageRank.AWAY)
        return
    fact, rest = hall_away_texts(feed, since)
    if feed.is_shared and not feed.moves_on and (feed.trouble is None or feed.trouble.code in SILENT):
        paper = _("Until then, work on paper.")
        rest = _("{one} {two}", context="sentences", one=rest, two=paper)
    messages.tell(message_place.MessageRank.AWAY, message_place.StationMessage("amber", "away", fact, rest))


def public_no_updates_text(feed: window_context.HallFeed, since: datetime) -> str:
    """Return one line for customers' screens, without servers and PCs, which only staff can fix."""
    if feed.moves_on:
        return _("One moment, please")
    return _("No updates since {time}: please ask a member of staff.", time=feed.away_since_text(since))
