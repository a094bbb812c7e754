"""All forms of the set-up, one of them shown, the parts that have a page of their own, and what a preset suggests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.features import PageAt, load, pages_in
from queuedesk.core.setup.field_kinds import BASICS
from queuedesk.core.setup.presets import DROP, KEEP, suggestions_of
from queuedesk.core.setup.rows import LIMITS, PAPERS, TOLD, Notice, Service, languages
from queuedesk.i18n import _
from queuedesk.i18n.suggestion_words import fact_text, fact_title, facts_text
from queuedesk.stations.manager.network.backups_controller import BackupsController
from queuedesk.stations.manager.network.backups_page import BackupsPage
from queuedesk.stations.manager.network.sharing_page import SharingController, SharingPage
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.setup.features_page import FeaturesPage
from queuedesk.stations.manager.setup.fields_form import FieldsForm, Form
from queuedesk.stations.manager.setup.hall_forms import (
    ClassForm,
    HallForm,
    PartnerForm,
    RulesForm,
    StaffForm,
    TargetForm,
    WindowForm,
)
from queuedesk.stations.manager.setup.sentences_form import SentencesForm
from queuedesk.stations.manager.setup.service_form import ItemForm, LimitsForm, PapersForm, ServiceForm
from queuedesk.stations.manager.setup.voice_form import TicketDesignForm, TicketDesignTrial, VoiceForm, VoiceTrial
from queuedesk.stations.manager.setup_frame.draft import (
    BACKUPS,
    CLASSES,
    FEATURES,
    HALL,
    NOTICES,
    PARTNERS,
    PARTS,
    PCS,
    RULES,
    SENTENCES,
    SERVICES,
    STAFF,
    TARGETS,
    TICKET,
    VOICE,
    WINDOWS,
    Draft,
    row_name,
)
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import Card, GroundArea, IconBadge, Label, Margins, Rule, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

ITEM = "item"
F = TypeVar("F", bound=Form)


def _form_of(at: PageAt, look: Look) -> Form:
    """Return the form of a part of the set-up that a feature brings along."""
    form: Form = load(at.page)(look)
    return form


class SetUpForms(QStackedWidget):
    """A form for each part, and more for a service's tabs and for an item; each is made at first use. What is typed
    into it stands in the draft.

    `changed` is any form's draft as it stands; `item_wanted` and `item_left` lead to an item of a service and back,
    `pin_removal_wanted` is a person's.
    """

    changed = Signal(object)
    item_wanted = Signal(int)
    item_left = Signal()
    pin_removal_wanted = Signal()

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self._made: dict[str, Form] = {}
        self._none = QWidget()
        self.addWidget(self._none)
        self._makers: dict[str, Callable[[], Form]] = {
            HALL: partial(HallForm, look, has_neighbours=controller.context.desk.db.is_shared),
            SERVICES: self._make_service,
            WINDOWS: partial(WindowForm, look),
            STAFF: self._make_staff,
            CLASSES: partial(ClassForm, look),
            NOTICES: partial(FieldsForm, look, Notice, BASICS),
            SENTENCES: partial(SentencesForm, look),
            PARTNERS: partial(PartnerForm, look),
            TARGETS: partial(TargetForm, look),
            VOICE: self._make_voice,
            TICKET: self._make_ticket,
            RULES: partial(RulesForm, look),
            ITEM: self._make_item,
            LIMITS: partial(LimitsForm, look),
            PAPERS: partial(PapersForm, look),
            TOLD: partial(FieldsForm, look, Service, TOLD),
            **{at.own_key: partial(_form_of, at, look) for at in pages_in("setup") if not at.is_whole},
        }

    def _make_service(self) -> Form:
        form = ServiceForm(self._look)
        form.item_wanted.connect(self.item_wanted)
        return form

    def _make_staff(self) -> Form:
        form = StaffForm(self._look)
        form.pin_removal_wanted.connect(self.pin_removal_wanted)
        return form

    def _make_voice(self) -> Form:
        form = VoiceForm(self._look)
        VoiceTrial(form, self._controller)
        return form

    def _make_ticket(self) -> Form:
        form = TicketDesignForm(self._look)
        TicketDesignTrial(form, self._controller)
        return form

    def _make_item(self) -> Form:
        form = ItemForm(self._look)
        form.back.connect(self.item_left)
        return form

    def all(self) -> tuple[Form, ...]:
        """Return every form made so far."""
        return tuple(self._made.values())

    def of(self, key: str) -> Form:
        """Return the first form of a part, or the one for a service's tab, making it at first use."""
        form = self._made.get(key)
        if form is None:
            form = self._made[key] = self._makers[key]()
            form.changed.connect(self.changed)
            self.addWidget(form)
            form.name_fields()
        return form

    def show_none(self) -> None:
        """Show no form: what is in front is no part of these."""
        self.setCurrentWidget(self._none)

    def _bring(self, key: str) -> None:
        self.setCurrentWidget(self.of(key))

    def _known(self, key: str, kind: type[F]) -> F:
        form = self.of(key)
        assert isinstance(form, kind)
        return form

    @property
    def service(self) -> ServiceForm:
        return self._known(SERVICES, ServiceForm)

    @property
    def item(self) -> ItemForm:
        return self._known(ITEM, ItemForm)

    @property
    def staff(self) -> StaffForm:
        return self._known(STAFF, StaffForm)

    @property
    def is_item_shown(self) -> bool:
        return isinstance(self.currentWidget(), ItemForm)

    def shown(self) -> Form:
        """Return the visible form."""
        form = self.currentWidget()
        return form if isinstance(form, Form) else self.service

    def begin(self, part: str) -> None:
        """Show the part's first form, without anything typed before."""
        self._bring(part)
        self.settle()
        for form in self.all():
            form.verticalScrollBar().setValue(0)

    def settle(self) -> None:
        """Show every field's value again."""
        for form in self.all():
            form.settle()

    def open_tab(self, tab: str) -> None:
        """Show one of a service's forms."""
        self.settle()
        self._bring(SERVICES if tab == BASICS else tab)

    def left_as(self) -> tuple[str, int]:
        """Return the key of the form that is shown, "" for none, and the place of the item in it."""
        shown = next((key for key, form in self._made.items() if form is self.currentWidget()), "")
        return shown, self.item.at if shown == ITEM else -1

    def take_up(self, left: tuple[str, int]) -> None:
        """Show that form again."""
        shown, at = left
        if shown == ITEM:
            self.open_item(at)
        elif shown:
            self._bring(shown)
        else:
            self.show_none()

    def keep_to_items(self, count: int) -> None:
        """Leave the item's form if its item no longer exists."""
        if self.is_item_shown and self.item.at >= count:
            self.open_tab(BASICS)

    def open_item(self, at: int) -> None:
        """Show the item at this place of the service."""
        self.item.settle()
        self.item.at = at
        self._bring(ITEM)


# -- parts with a page of their own ------------------------------------------------------------------------------------


class OwnPages(QObject):
    """Pages of the set-up that are not forms.

    `said` is a notice with its icon, `menu_wanted` the place where ⋯ was pressed. The PCs and the backups are there if
    the station has the services they need.
    """

    said = Signal(str, str)
    menu_wanted = Signal(QPoint)

    def __init__(self, look: Look, controller: SetUpController, own: Controllers, parent: QObject) -> None:
        super().__init__(parent)
        self.features = FeaturesPage(look, controller)
        self.pages: dict[str, Any] = {FEATURES: self.features}
        self.pages |= {at.own_key: load(at.page)(look, controller) for at in pages_in("setup") if at.is_whole}
        if SharingController.is_offered(controller.context):
            self.pages[PCS] = SharingPage(look, own(SharingController, controller.context))
        if BackupsController.is_offered(controller.context):
            self.pages[BACKUPS] = BackupsPage(look, own(BackupsController, controller.context))
        for page in self.pages.values():
            page.said.connect(self.said)
            page.head.more.wanted.connect(self.menu_wanted)

    @property
    def is_changed(self) -> bool:
        """Whether something typed on one of them is not saved."""
        return any(getattr(page, "is_changed", False) for page in self.pages.values())

    def hall_acts(self) -> list[QWidget]:
        """Return the buttons that change the hall, but for those of pages that see to theirs."""
        return [button for page in self.pages.values() for button in getattr(page, "hall_acts", ())]

    def discard(self) -> None:
        """Drop what was typed."""
        for page in self.pages.values():
            if hasattr(page, "discard"):
                page.discard()

    def parts(self) -> list[str]:
        """Return the parts of the set-up in order."""
        return [*PARTS, *(part for part in self.pages if part not in PARTS)]


# -- what a preset suggests of a service -------------------------------------------------------------------------------

Facts = Mapping[str, Mapping[str, Any]]
MOST_HIGH = 380


class SuggestionStrip(QWidget):
    """Names the suggestions of the service shown and leads to them; hidden where there are none. `said` is a notice
    with its icon."""

    said = Signal(str, str)

    def __init__(self, look: Look, controller: SetUpController, host: QWidget, margins: Margins = (0, 0, 0, 0)) -> None:
        super().__init__()
        self._look, self._controller, self._host = look, controller, host
        self._draft: Draft | None = None
        self.words = Label(look, px=15, wrap=True)
        self.button = SecondaryButton(look, _("Keep or drop"), height=44, px=16)
        self.button.clicked.connect(self.open_dialog)
        card = Card(look)
        row = QHBoxLayout(card)
        spread(look, row, (12, 8, 8, 8), 10)
        row.addWidget(IconBadge(look, "info", bare=True))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        spread(look, column, margins)
        column.addWidget(card)
        controller.decided.connect(self._decided)
        self.hide()

    def show_service(self, draft: Draft | None) -> None:
        """Show the open suggestions of a service; None for no service."""
        self._draft = draft
        self.button.setVisible(self._controller.may_change)
        self.setVisible(bool(self._facts()))
        self.words.setText(_("Suggested, not shown to customers yet: {facts}", facts=facts_text(self._facts())))

    def open_dialog(self) -> None:
        """Show the suggestions whole."""
        if self._draft is not None:
            name, spoken = row_name(self._draft.row), languages(self._controller.setup)
            dialog = SuggestionDialog(self._host, self._look, name, self._facts(), spoken)
            dialog.decided.connect(partial(self._controller.decide, self._draft.code))
            dialog.open_dialog()

    def _facts(self) -> Facts:
        return suggestions_of(self._draft.row) if self._draft is not None else {}

    def _decided(self) -> None:
        self.said.emit(_("Saved"), "check")


class _FactsArea(GroundArea):
    """Scrolls the facts where a window is too low for all of them."""

    def __init__(self, look: Look, inside: QWidget) -> None:
        super().__init__(inside)
        self._look, self._inside = look, inside
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        wide = max(self.width(), self._look.px(400))
        high = self._inside.heightForWidth(wide) if self._inside.hasHeightForWidth() else 0
        return QSize(wide, min(max(high, self._inside.sizeHint().height()), self._look.px(MOST_HIGH)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class SuggestionDialog(Dialog):
    """Each suggestion whole, with its two answers. `decided` gives the answers by fact."""

    decided = Signal(dict)

    def __init__(self, host: QWidget, look: Look, name: str, facts: Facts, languages: Sequence[str]) -> None:
        super().__init__(
            host,
            look,
            title=_("Is this right for {name}?", name=name),
            effect=_("What you keep is shown on displays, kiosks and tickets from then on."),
            width=860,
        )
        self.choices: dict[str, dict[str, ToggleChoice]] = {}
        self._languages = languages
        inside = QWidget()
        column = QVBoxLayout(inside)
        spread(self.look, column, (0, 0, 12, 0), 8)
        for fact, fields in facts.items():
            self._add(column, fact, fields)
        self.body.addWidget(_FactsArea(self.look, inside))
        self.all_buttons = {KEEP: SecondaryButton(self.look, _("Keep all", context="suggestion"), height=56, px=17)}
        self.all_buttons[DROP] = SecondaryButton(self.look, _("Drop all", context="suggestion"), height=56, px=17)
        for at, (answer, button) in enumerate(self.all_buttons.items()):
            button.clicked.connect(partial(self._answer_all, answer))
            self.buttons.insertWidget(at, button)
        self.put_answers(_("Decide later"), _("Save", context="dialog"), self._do)
        self._show()

    def _add(self, column: QVBoxLayout, fact: str, fields: Mapping[str, Any]) -> None:
        title = fact_title(fact)
        words = {KEEP: _("Keep", context="suggestion"), DROP: _("Drop", context="suggestion")}
        head, texts = QHBoxLayout(), QVBoxLayout()
        spread(self.look, head, spacing=8)
        spread(self.look, texts, spacing=2)
        texts.addWidget(Label(self.look, title, px=15, bold=True, token="ink2"))
        words_shown = dict.fromkeys(fact_text(fact, fields, lang) for lang in self._languages)
        texts.addWidget(Label(self.look, "\n".join(words_shown), px=16, wrap=True))
        head.addLayout(texts, 1)
        self.choices[fact] = {}
        for answer, word in words.items():
            choice = ToggleChoice(self.look, word, height=44, px=16)
            choice.setAccessibleName(f"{word} · {title}")
            choice.clicked.connect(partial(self._answer, fact, answer))
            head.addWidget(choice, 0, Qt.AlignmentFlag.AlignTop)
            self.choices[fact][answer] = choice
        column.addLayout(head)
        column.addWidget(Rule(self.look))

    def answers(self) -> dict[str, str]:
        """Return the facts that are answered."""
        return {
            fact: answer for fact, own in self.choices.items() for answer, choice in own.items() if choice.isChecked()
        }

    def first_focus(self) -> QWidget:
        return self.all_buttons[KEEP]

    def _answer(self, fact: str, answer: str) -> None:
        for own, choice in self.choices[fact].items():
            choice.setChecked(choice.isChecked() and own == answer)
        self._show()

    def _answer_all(self, answer: str) -> None:
        for own in self.choices.values():
            for key, choice in own.items():
                choice.setChecked(key == answer)
        self._show()

    def _show(self) -> None:
        if self.answers():
            self.yes_button.allow(_("Save", context="dialog"))
        else:
            self.yes_button.block(_("Nothing decided yet"))

    def _do(self) -> None:
        answers = self.answers()
        if answers:
            self.close_dialog()
            self.decided.emit(answers)
