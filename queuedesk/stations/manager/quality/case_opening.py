"""Asks whether something becomes a case, wherever it is seen, and opens it with what is known already filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.quality.case import HELP, INSPECTION, LONGEST_TITLE, RATING, WAIT, id_of, served_then
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.talk.messages import HelpCall, window_at
from queuedesk.i18n import _, day_staff, listing, named, say, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.quality.case_words import reasons_text
from queuedesk.i18n.talk import place_words
from queuedesk.stations.manager.quality.case_texts import NewCaseDialog
from queuedesk.stations.manager.quality.cases_controller import CasesController, Opening
from queuedesk.stations.window.context import StationContext

Document = Mapping[str, Any]


def _clerks(ticket: Ticket | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leg.staff for leg in ticket.legs if leg.staff)) if ticket is not None else ()


class CaseOpening(QObject):
    """`host` gives what the question stands over. `said` is what was done or why not, with an icon; `opened` the number
    of a new case, `left` that the question was answered with none."""

    said = Signal(str, str)
    opened = Signal(str)
    left = Signal()

    def __init__(self, context: StationContext, host: Callable[[], QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._host, self._context = host, context
        self._controller = controller = CasesController(context, self)
        self._then: Callable[[Opening], None] | None = None
        self._comment = ""
        self.dialog: NewCaseDialog | None = None
        controller.opening_read.connect(self._take)
        controller.done.connect(self._done)
        controller.refused.connect(self._refused)

    # -- what it may be about ----------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask what a new case is about."""
        self._read(partial(self._put, given={}, concerns=()))

    def ask_about_rating(self, label: str, day: date) -> None:
        """Ask about a low rating; class, owner and deadlines are filled in. It may have its case by now."""
        self._read(partial(self._rated, label, day))

    def ask_about_wait(self, ticket: Ticket) -> None:
        """Ask about a ticket that waited longer than it was told."""
        told = _("{ticket} waited longer than estimated", ticket=ticket.label)
        given = {"source": WAIT, "ticket": ticket.label, "day": ticket.date}
        title = _("Open a case for {ticket}?", ticket=ticket.label)
        self._read(partial(self._put, given=given, concerns=_clerks(ticket), title=title, about=told))

    def ask_about_help(self, call: HelpCall) -> None:
        """Ask about a call for help: place and time are filled in, and whose turn it was there then."""
        feed, place = self._context.feed, place_words(call.place)
        then = time_hm(feed.setup.local(call.pressed))
        tickets = [one for one in feed.state.tickets.values() if one.date == call.date]
        ticket = served_then(tickets, window_at(call.place), call.pressed)
        given: dict[str, Any] = {"source": HELP, "ref": str(call.seq)}
        title = _("Open a case for the call for help from {place}?", place=place)
        if ticket is not None:
            given |= {"ticket": ticket.label, "day": ticket.date}
            title = _(
                "Open a case for the call for help from {place}, with {ticket}?", place=place, ticket=ticket.label
            )
        why = named(call.about, call.about_en)
        about = f"{place}, {then}"
        about = _("{about}: {why}", about=about, why=why) if why else about
        self._read(
            partial(self._put, given=given, concerns=_clerks(ticket), title=title, about=about[:LONGEST_TITLE].rstrip())
        )

    def ask_about_finding(self, fix: Document) -> None:
        """Ask about something that an inspection found and somebody has to put right."""
        given = {"source": INSPECTION, "ref": str(fix["inspection"] or fix["rectification"])}
        title, said = _("Open a case from this finding?"), str(fix["issue"])
        self._read(partial(self._put, given=given, concerns=(), title=title, said=said))

    def _rated(self, label: str, day: date, opening: Opening) -> None:
        wanted = (label, day.isoformat())
        low = next((one for one in opening.low if (one["ticket"], one["date"]) == wanted), None)
        if low is None:
            self.said.emit(_("{ticket} has a case, or needs none", ticket=label), "info")
            return
        given = {"source": RATING, "ticket": label, "day": day, "kept": low["kept"]}
        title = _("Open a case for {ticket}?", ticket=label)
        if day != self._context.feed.day:
            title = _("Open a case for {ticket} of {day}?", ticket=label, day=day_staff(day))
        self._put(
            opening,
            given=given,
            concerns=tuple(low["concerns"]),
            title=title,
            words=low["comment"] or "",
            reasons=reasons_text(low["tags"]) if low["tags"] else "",
            klass=self._controller.rating_class(),
        )

    # -- the question ------------------------------------------------------------------------------------------------

    def _read(self, then: Callable[[Opening], None]) -> None:
        if self.dialog is None:
            self._then = then
            self._controller.read_opening()

    def _take(self, opening: Opening) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(opening)

    def _put(
        self,
        opening: Opening,
        *,
        given: dict[str, Any],
        concerns: tuple[str, ...],
        title: str = "",
        about: str = "",
        said: str = "",
        words: str = "",
        reasons: str = "",
        klass: str = "",
    ) -> None:
        controller, setup = self._controller, self._context.feed.setup
        names = listing([staff_name(setup, code) for code in concerns])
        effect = _("Its number will be {number}.", number=opening.number) if given else ""
        if names:
            effect = _(
                "Its number will be {number}. It can't be assigned to {name}, because it is about them.",
                number=opening.number,
                name=names,
            )
        effect = "\n".join(part for part in (reasons, effect) if part)
        dialog = NewCaseDialog(
            self._host(),
            self._context.look,
            setup,
            owners=controller.owners(concerns),
            owner=controller.default_owner(concerns),
            today=self._context.feed.day,
            title=title,
            effect=effect,
            given=given,
            klass=klass or controller.rating_class(),
            words=words,
            number=opening.number if given else "",
        )
        dialog.title.set_value(about)
        if said:
            dialog.words.set_label(_("What was found"))
            dialog.words.set_value(said)
        self._comment = id_of(given["kept"]) if words else ""
        if self._comment:
            dialog.offer_read()
            dialog.read_wanted.connect(partial(controller.mark_read, self._comment))
        self.dialog = dialog
        dialog.wanted.connect(controller.open)
        dialog.destroyed.connect(self._forget)
        dialog.refused.connect(partial(self._leave, dialog))
        dialog.open_dialog()

    def _leave(self, dialog: NewCaseDialog) -> None:
        self._forget(dialog)
        self.left.emit()

    def _forget(self, gone: object) -> None:
        if self.dialog is gone:
            self.dialog = None

    def _done(self, verb: str, document: Document) -> None:
        if self.dialog is not None:
            self.dialog.finished()
            self.dialog = None
        if verb == "open":
            self.said.emit(_("Case {number} is open", number=document["number"]), "check")
            self.opened.emit(document["number"])
            comment, self._comment = self._comment, ""
            if comment:
                self._controller.mark_read(comment)  # A case answers it.
        elif self._comment:
            self.said.emit(_("Marked as read."), "check")

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        if self.dialog is not None:
            self.dialog.show_trouble(trouble)
        else:
            self.said.emit(say(trouble), "warning")
