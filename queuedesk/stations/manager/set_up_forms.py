"""All forms of the set-up, one of them shown."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from queuedesk.stations.manager.card_form import CardForm
from queuedesk.stations.manager.form_parts import Form
from queuedesk.stations.manager.hall_form import HallForm
from queuedesk.stations.manager.item_form import ItemForm
from queuedesk.stations.manager.list_forms import ClassForm, NoticeForm, TargetForm
from queuedesk.stations.manager.place_forms import StaffForm, WindowForm
from queuedesk.stations.manager.rules_form import RulesForm
from queuedesk.stations.manager.sentences_form import SentencesForm
from queuedesk.stations.manager.service_form import ServiceForm
from queuedesk.stations.manager.service_more import LimitsForm, PapersForm, ToldForm
from queuedesk.stations.manager.service_tabs import BASICS, LIMITS, PAPERS, TOLD
from queuedesk.stations.manager.set_up_desk import SetUpDesk
from queuedesk.stations.manager.set_up_draft import (
    CARDS,
    CLASSES,
    HALL,
    NOTICES,
    RULES,
    SENTENCES,
    SERVICES,
    STAFF,
    TARGETS,
    TICKET,
    VOICE,
    WINDOWS,
)
from queuedesk.stations.manager.ticket_design_form import TicketDesignForm
from queuedesk.stations.manager.ticket_design_trial import TicketDesignTrial
from queuedesk.stations.manager.voice_form import VoiceForm
from queuedesk.stations.manager.voice_trial import VoiceTrial
from queuedesk.stations.style import Look


class SetUpForms(QStackedWidget):
    """A form for each part, further ones for a service's tabs and for an item."""

    def __init__(self, look: Look, desk: SetUpDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.service, self.item = ServiceForm(look), ItemForm(look)
        self.limits, self.papers, self.told = LimitsForm(look), PapersForm(look), ToldForm(look)
        self.window_form, self.staff = WindowForm(look), StaffForm(look)
        self.hall, self.rules, self.voice = HallForm(look), RulesForm(look), VoiceForm(look)
        VoiceTrial(self.voice, desk)
        self.ticket = TicketDesignForm(look)
        TicketDesignTrial(self.ticket, desk)
        self._parts: dict[str, Form] = {
            HALL: self.hall,
            SERVICES: self.service,
            WINDOWS: self.window_form,
            STAFF: self.staff,
            CLASSES: ClassForm(look),
            NOTICES: NoticeForm(look),
            SENTENCES: SentencesForm(look),
            CARDS: CardForm(look),
            TARGETS: TargetForm(look),
            VOICE: self.voice,
            TICKET: self.ticket,
            RULES: self.rules,
        }
        self._tabs: dict[str, Form] = {
            BASICS: self.service,
            LIMITS: self.limits,
            PAPERS: self.papers,
            TOLD: self.told,
        }
        for form in self.all():
            self.addWidget(form)

    def all(self) -> tuple[Form, ...]:
        """Return every form."""
        return (*self._parts.values(), self.item, self.limits, self.papers, self.told)

    def of(self, part: str) -> Form:
        """Return the first form of a part."""
        return self._parts[part]

    def shown(self) -> Form:
        """Return the form that is seen."""
        form = self.currentWidget()
        return form if isinstance(form, Form) else self.service

    def begin(self, part: str) -> None:
        """Show the part's first form, with nothing left of what was typed before."""
        self.setCurrentWidget(self._parts[part])
        self.settle()
        for form in self.all():
            form.verticalScrollBar().setValue(0)

    def settle(self) -> None:
        """Let every field show its value again."""
        for form in self.all():
            form.settle()

    def open_tab(self, tab: str) -> None:
        """Show one of a service's forms."""
        self.settle()
        self.setCurrentWidget(self._tabs[tab])

    def keep_to_items(self, count: int) -> None:
        """Leave the item's form when its item is gone."""
        if self.shown() is self.item and self.item.at >= count:
            self.open_tab(BASICS)

    def open_item(self, at: int) -> None:
        """Show the item at this place of the service."""
        self.item.settle()
        self.item.at = at
        self.setCurrentWidget(self.item)
