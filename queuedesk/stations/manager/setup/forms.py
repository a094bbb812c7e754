"""All forms of the set-up, one of them shown, those of the hall, its windows, people, classes, targets and rules among
them; the parts that have a page of their own; and what a preset suggests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.features import AddedPage, Wording, load, pages_in, unused_rules
from queuedesk.core.figures.targets import MEASURES, WAITS, measure_of
from queuedesk.core.matching import matches_search
from queuedesk.core.network.roles import STAFF_ROLES
from queuedesk.core.setup.field_kinds import BASICS, fields_of
from queuedesk.core.setup.file import GROUPS, HALL_RULES, rules_in
from queuedesk.core.setup.hall import LANGUAGES, WORDS, HallSpec, zone_names
from queuedesk.core.setup.presets import DROP, KEEP, suggestions_of
from queuedesk.core.setup.rows import (
    ITEMS,
    LIMITS,
    NOT_CHOSEN,
    PAPERS,
    TOLD,
    Notice,
    PriorityClass,
    Service,
    Setup,
    StaffMember,
    TargetRow,
    WindowSpec,
    languages,
    offered_languages,
)
from queuedesk.core.setup.sentences import Partner
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import _, listing, n_, role, said
from queuedesk.i18n.calendar_words import country_words
from queuedesk.i18n.figures.figure_titles import (
    lettered_item,
    measure_meaning,
    measure_word,
    rating_reason,
    reasons_for,
)
from queuedesk.i18n.queue.event_words import alert_kinds
from queuedesk.i18n.suggestion_words import fact_text, fact_title, facts_text
from queuedesk.i18n.talk import channel
from queuedesk.stations.manager.network.backups_controller import BackupsController
from queuedesk.stations.manager.network.backups_page import BackupsPage
from queuedesk.stations.manager.network.sharing_page import SharingController, SharingPage
from queuedesk.stations.manager.pages import Controllers, Pages
from queuedesk.stations.manager.setup.features_page import FeaturesPage
from queuedesk.stations.manager.setup.fields_form import (
    FieldsForm,
    Form,
    in_order,
    one_of,
    service_words,
    several_of,
    still,
    worded,
)
from queuedesk.stations.manager.setup.sentences_form import SentencesForm
from queuedesk.stations.manager.setup.service_form import ItemForm, ItemsForm, LimitsForm, PapersForm, ServiceForm
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
    part_word,
    read_figure,
    read_rule,
    row_name,
    rule_value,
)
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import Card, GroundArea, IconBadge, Label, Margins, Rule, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField, SearchField
from queuedesk.stations.window.hall_words import language_word
from queuedesk.stations.window.style import Look

# -- the hall ----------------------------------------------------------------------------------------------------------


def languages_words() -> dict[str, str]:
    """Return the words for what languages a hall may use, in which order."""
    one, other = LANGUAGES
    choices = ((one,), (other,), (one, other), (other, one))
    return {",".join(codes): listing([language_word(lang) for lang in codes]) for codes in choices}


def _reason_words(setup: Setup) -> dict[str, str]:
    """Return the reasons of a low rating that the hall may offer: none about papers where it lists none."""
    return {tag: rating_reason(tag) for tag in reasons_for(setup.wants_papers)}


class HallForm(FieldsForm):
    """Everything about the hall except its rows and rules, including the people of other halls who may look on, where
    there may be others (`has_neighbours`)."""

    def __init__(self, look: Look, *, has_neighbours: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(look, HallSpec, parent=parent)
        self.declared |= {**fields_of(Setup), **{f"words.{key}": one for key, one in WORDS.items()}}
        self.zone = self.drop_down("timezone")
        self.zone.setMaxVisibleItems(12)
        self.zone.share_width(8)
        self.add_heading(_("Name and place"))
        self.add_row("name", "name_en")
        self.add_row("phone", is_half=True)
        self.add_row("timezone", is_half=True)
        if has_neighbours:
            self.add_row("region", "district")
        self.add_heading(_("Hours", context="group"))
        self.add_row("opens", "closes")
        self.add_row("pay_days", is_half=True)
        self.add_heading(_("Words", context="group"))
        self.window_words = self.add_choices("words.window", one_of(lambda _setup: worded(WORDS["window"])))
        self.ticket_words = self.add_choices("words.ticket", one_of(lambda _setup: worded(WORDS["ticket"])))
        self.add_heading(_("Languages and holidays"))
        self.spoken = self.add_choices("languages", in_order(lambda _setup: languages_words()))
        self.countries = self.add_choices("country", one_of(country_words))
        self.add_heading(_("Ratings and reports"))
        self.reasons = self.add_choices("rating_reasons", several_of(_reason_words))
        self.add_row("report_owner", is_half=True)
        if has_neighbours:
            self.add_heading(_("Other halls"))
            self.add_row("seen_by")
            self.add_row("led_by")
        self.column.addStretch(1)

    def offered(self, key: str) -> Mapping[str, str]:
        return zone_names()

    def show_row(self, setup: Setup, draft: Draft) -> None:
        """Show what a hall that never chose its languages uses."""
        known = {"languages": list(offered_languages(setup))} if not draft.row.get("languages") else {}
        super().show_row(setup, replace(draft, row={**draft.row, **known}))
        self.fields["pay_days"].setVisible(setup.has_pay_days)

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        self.countries.show_if(len(country_words(setup)) > 1)


# -- windows and people ------------------------------------------------------------------------------------------------


class WindowForm(FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, WindowSpec, parent=parent)
        self.arrow = self.drop_down("arrow")
        self.add_row("code", "arrow")
        self.lay(BASICS)
        self.services = self.add_choices("services", several_of(service_words))
        self.column.addStretch(1)

    def choice_hint(self, key: str, draft: Draft) -> str:
        return "" if draft.row.get(key) else _("No service yet: this window can't call anyone.")

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        code = self.fields["code"].edit
        if isinstance(code, QLineEdit):
            # The number names the window in the log: only a new one may be given.
            code.setEnabled(draft.new)


class StaffForm(FieldsForm):
    pin_removal_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, StaffMember, parent=parent)
        self._has_pin: bool | None = None
        self.add_row("name", "name_en")
        self.roles = self.add_choices("role", one_of(lambda _setup: {str(one): role(str(one)) for one in STAFF_ROLES}))
        self.skills = self.add_choices("skills", several_of(service_words))
        self.add_row("languages")
        pin = QLineEdit()
        pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields["pin"] = FormField(look, "", edit=pin)
        self.add_row("pin")
        self.remove_pin = SecondaryButton(look, _("Remove the PIN"), icon="remove", height=46)
        row = QHBoxLayout()
        spread(look, row, spacing=12)
        row.addWidget(self.remove_pin)
        row.addStretch(1)
        self.column.addLayout(row)
        # Last: so many choices would push what is needed more often out of sight.
        self.warned = self.add_choices("warned_of", several_of(_warnable))
        self.column.addStretch(1)
        self.remove_pin.clicked.connect(self.pin_removal_wanted)
        self._show_pin()

    def set_has_pin(self, has: bool | None) -> None:
        """Show whether the person has a PIN; None while unknown."""
        self._has_pin = has
        self._show_pin()

    def _show_pin(self) -> None:
        has = self._has_pin
        self.fields["pin"].set_label(_("New PIN") if has else _("PIN", context="field"))
        state = _("A PIN is set. Type a new one to replace it.") if has else _("No PIN: anybody can choose this name.")
        self.fields["pin"].set_hint(state if has is not None else "")
        self.remove_pin.setVisible(bool(has) and self.may_change)
        self.fields["pin"].edit.setVisible(self.may_change)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        self.put("pin", draft.pin)
        self._show_pin()

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        is_clerk = draft.row["role"] == "clerk"
        for widget in (self.skills.title, self.skills.row):
            widget.setVisible(is_clerk)
        self.skills.line.setVisible(is_clerk and bool(self.choice_hint("skills", draft)))
        self.warned.show_if(setup.uses("thanks"))

    def choice_hint(self, key: str, draft: Draft) -> str:
        if key == "role":
            return _role_hint(str(draft.row["role"]))
        if key == "warned_of":
            return super().choice_hint(key, draft)
        return "" if draft.row.get(key) else _("If none is chosen: every service.")

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return draft.with_pin(text.strip()) if key == "pin" else super().take(draft, key, text)


def _warnable(setup: Setup) -> dict[str, str]:
    """Return what somebody can be warned of: services, then kinds of alerts."""
    return service_words(setup) | {code: word[:1].upper() + word[1:] for code, word in alert_kinds().items()}


def _role_hint(code: str) -> str:
    return {
        "guide": _("Issues and moves tickets at the front desk; does not call."),
        "clerk": _("Serves at their own window."),
        "manager": _("Does all that front desk and window staff can, and sees everything in the hall."),
        "admin": _("Also changes the set-up and people."),
        "reader": _("Sees figures and halls at the manager's station but changes nothing, for example at head office."),
    }[code]


# -- priority classes and targets --------------------------------------------------------------------------------------


class ClassForm(FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, PriorityClass, BASICS, parent)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        # Normal tickets are what the others are measured by.
        self.fields["credit_minutes"].edit.setEnabled(draft.code != "normal")
        self.ticks["staff_only"].setHidden(draft.code in NOT_CHOSEN)


class PartnerForm(FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Partner, parent=parent)
        self.add_row("name", "name_en")
        self.kinds = self.add_choices("kind", one_of(lambda _setup: {one: channel(one) for one in CHANNELS}))
        self.lay(BASICS, leave=("name", "name_en"))
        self.takes = self.add_choices("takes", several_of(_takable))
        self.column.addStretch(1)


def _takable(setup: Setup) -> dict[str, str]:
    """Return what another place may take: services, and behind each its items."""
    words = {}
    for code, service in setup.services.items():
        words[code] = service_words(setup)[code]
        words |= {f"{code}/{one.code}": lettered_item(setup, (code, one.code)) for one in service.items}
    return words


class TargetForm(FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, TargetRow, parent=parent)
        self.measure = self.drop_down("measure")
        self.measure.setPlaceholderText(_("Please choose", context="measure"))
        self.add_row("measure")
        self.add_row("value", "from")
        self.column.addStretch(1)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        super().show_row(setup, draft)
        value, measure = draft.row.get("value"), str(draft.row.get("measure") or "")
        self.put("value", "" if value is None else str(value))
        self.show_choice("measure", measure_of(measure) or measure)
        self._say_meaning(measure)

    def offered(self, key: str) -> Mapping[str, str]:
        """Return every measure, and an old free text if the row has one."""
        row = self.draft.row if self.draft is not None else {}
        chosen = str(row.get("measure") or "")
        known = measure_of(chosen)
        return {measure: measure_word(measure) for measure in [*MEASURES, *([chosen] if chosen and not known else [])]}

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return draft.with_value(key, read_figure(text)) if key == "value" else super().take(draft, key, text)

    def _say_meaning(self, chosen: str) -> None:
        known = measure_of(chosen)
        if known is None:
            told, unit, hint = _("what the hall promises"), _("Value", context="field"), ""
            if chosen:
                told = _("No report judges this; please choose a measure.")
        elif known in WAITS:
            told, unit = measure_meaning(known), _("Minutes, at most", context="target")
            hint = _("such as 15 or 12.5")
        else:
            told, unit = measure_meaning(known), _("Percent, at least", context="target")
            hint = _("such as 95 or 98.5")
        self.fields["measure"].set_hint(told)
        self.fields["value"].set_label(unit)
        self.fields["value"].set_hint(hint)


# -- rules -------------------------------------------------------------------------------------------------------------

FIELD_PX = 190


class RuleRow(QWidget):
    """A rule: name and effect on the left, its field with the unit on the right."""

    def __init__(self, look: Look, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = HALL_RULES[key]
        self.name = Label(look, px=17, bold=True, wrap=True)
        self.line = ErrorLine(look)
        self.usual = Label(
            look, _("usual: {value}", value=rule_value(self.rule, self.rule.usual)), px=15, token="ink2", wrap=True
        )
        self.edit: QLineEdit | DropDown = DropDown(look) if self.rule.kind.choices else QLineEdit()
        words = QVBoxLayout()
        spread(look, words, spacing=2)
        words.addWidget(self.name)
        words.addWidget(self.line)
        words.addStretch(1)
        self._field = QWidget()
        right = QVBoxLayout(self._field)
        spread(look, right, spacing=2)
        right.addWidget(self.edit)
        right.addWidget(self.usual)
        right.addStretch(1)
        line = QHBoxLayout(self)
        spread(look, line, (0, 6, 0, 6), 24)
        line.addLayout(words, 1)
        line.addWidget(self._field)
        name, unit = said(self.rule.title), said(self.rule.unit)
        self.name.setText(name)
        self.edit.setAccessibleName(f"{name} {unit}".strip())
        if isinstance(self.edit, DropDown):
            self.edit.show_choice(str(self.edit.currentData() or self.rule.usual), worded(self.rule))

    def relook(self, look: Look) -> None:
        """Follow the size of letters: a choice is as wide as its longest word."""
        self._field.setFixedWidth(look.px(FIELD_PX))
        self.edit.setFont(look.font(17))

    def show_error(self, error: str) -> None:
        effect = said(Wording(self.rule.hint))
        self.line.say(error or effect, refused=bool(error))
        self.edit.setAccessibleDescription(error or effect)
        if bool(self.edit.property("refused")) != bool(error):
            self.edit.setProperty("refused", bool(error))
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)


class RulesForm(Form):
    """All rules that the hall uses, in groups, and a search among them; one that has to be fixed is always shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._groups: dict[str, QWidget] = {}
        self._rules: dict[str, Rule] = {}
        self._unused: frozenset[str] = frozenset()
        self._wrong: frozenset[str] = frozenset()
        self.rows: dict[str, RuleRow] = {}
        self.search, self.told = SearchField(look, height=48, px=17), Label(look, px=16, token="ink2", wrap=True)
        self.search.set_texts(_("Search the rules"))
        self.search.typed.connect(self._filter)
        self.told.hide()
        self.column.addWidget(self.search)
        self.column.addWidget(self.told)
        for group in GROUPS:
            self._groups[group] = inside = QWidget()
            column = QVBoxLayout(inside)
            spread(look, column, (0, 8, 0, 0), 6)
            column.addWidget(Label(look, said(GROUPS[group]), px=20, bold=True))
            for key in rules_in(group):
                self._rules[key], row = Rule(look), RuleRow(look, key)
                self.rows[key] = row
                column.addWidget(self._rules[key])
                column.addWidget(row)
                if isinstance(row.edit, DropDown):
                    row.edit.currentIndexChanged.connect(partial(self._choose, key))
                else:
                    row.edit.textEdited.connect(partial(self.edited, key))
            self.column.addWidget(inside)
        self.column.addStretch(1)
        look.changed.connect(self._dress)
        self._dress()
        self._filter()

    def _dress(self) -> None:
        for row in self.rows.values():
            row.relook(self.look)

    def _filter(self) -> None:
        """Show the rules of which every word typed stands in the name, the effect or the group."""
        words, n = self.search.text(), 0
        for group, inside in self._groups.items():
            shown = [key for key in rules_in(group) if key not in self._unused]
            shown = [key for key in shown if key in self._wrong or self._says(key, group, words)]
            n += len(shown)
            for key in rules_in(group):
                self.rows[key].setVisible(key in shown)
                self._rules[key].setVisible(key in shown[1:])
            inside.setVisible(bool(shown))
        self.told.setText(n_("{n} rule found", "{n} rules found", n) if n else _("Nothing found"))
        self.told.setVisible(bool(words.strip()))

    def _says(self, key: str, group: str, words: str) -> bool:
        rule = HALL_RULES[key]
        return matches_search(words, said(rule.title), said(Wording(rule.hint)), said(GROUPS[group]))

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        sieve = unused_rules(setup.hall), frozenset(problems)
        if sieve != (self._unused, self._wrong):
            self._unused, self._wrong = sieve
            self._filter()
        for key, row in self.rows.items():
            row.show_error(problems.get(key, ""))
            if isinstance(row.edit, QLineEdit):
                row.edit.setReadOnly(not may_change)
            else:
                still(row.edit, may_change)

    def show_row(self, setup: Setup, draft: Draft) -> None:
        for key, row in self.rows.items():
            value, edit = draft.row.get(key, row.rule.usual), row.edit
            if isinstance(edit, DropDown):
                edit.show_choice(str(value), worded(row.rule))
            elif not (edit.hasFocus() and edit.isModified()) and key not in draft.unread:
                edit.setText(rule_value(row.rule, value))
                if not edit.hasFocus():
                    edit.setCursorPosition(0)

    def settle(self) -> None:
        for row in self.rows.values():
            if isinstance(row.edit, QLineEdit):
                row.edit.setModified(False)

    def take(self, draft: Draft, key: str, text: str) -> Draft:
        return draft.read(key, text, partial(read_rule, key))

    def _choose(self, key: str, _at: int) -> None:
        edit = self.rows[key].edit
        if self.draft is not None and isinstance(edit, DropDown):
            self.changed.emit(self.draft.with_value(key, str(edit.currentData())))


ITEM = "item"
F = TypeVar("F", bound=Form)


def _form_of(at: AddedPage, look: Look) -> Form:
    form: Form = load(at.page)(look)
    return form


class SetUpForms(QStackedWidget):
    """A form for each part, and more for a service's tabs and for an item; each is made at first use. What is typed
    into it stands in the draft. `changed` is any form's draft as it stands; `item_wanted` and `item_left` lead to an
    item of a service and back, `pin_removal_wanted` is a person's."""

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
            SERVICES: partial(ServiceForm, look),
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
            ITEMS: self._make_items,
            LIMITS: partial(LimitsForm, look),
            PAPERS: partial(PapersForm, look),
            TOLD: partial(FieldsForm, look, Service, TOLD),
            **{at.own_key: partial(_form_of, at, look) for at in pages_in("setup") if not at.is_whole},
        }

    def _make_items(self) -> Form:
        form = ItemsForm(self._look)
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
        self.settle()
        self._bring(SERVICES if tab == BASICS else tab)

    def left_as(self) -> tuple[str, int]:
        shown = next((key for key, form in self._made.items() if form is self.currentWidget()), "")
        return shown, self.item.at if shown == ITEM else -1

    def take_up(self, left: tuple[str, int]) -> None:
        shown, at = left
        if shown == ITEM:
            self.open_item(at)
        elif shown:
            self._bring(shown)
        else:
            self.show_none()

    def keep_to_items(self, count: int) -> None:
        if self.is_item_shown and self.item.at >= count:
            self.open_tab(ITEMS)

    def open_item(self, at: int) -> None:
        self.item.settle()
        self.item.at = at
        self._bring(ITEM)


# -- parts with a page of their own ------------------------------------------------------------------------------------


class OwnPages(Pages):
    """What stands in the set-up's frame: its forms, and the parts that are a page of their own, each made when it is
    first opened. The PCs and the backups are there if the station has the services they need."""

    def __init__(self, look: Look, controller: SetUpController, own: Controllers) -> None:
        super().__init__(context := controller.context)
        self._put(FEATURES, lambda: FeaturesPage(look, controller))
        for at in pages_in("setup"):
            if at.is_whole:
                self._put(at.own_key, partial(_loaded, at.page, look, controller))
        if SharingController.is_offered(context):
            self._put(PCS, lambda: SharingPage(look, own(SharingController, context)))
        if BackupsController.is_offered(context):
            self._put(BACKUPS, lambda: BackupsPage(look, own(BackupsController, context)))

    def _put(self, part: str, make: Callable[[], QWidget]) -> None:
        self.add_late(part, "", partial(part_word, part), make)

    @property
    def is_changed(self) -> bool:
        return any(getattr(page, "is_changed", False) for page in self.all_made())

    def discard(self) -> None:
        for page in self.all_made():
            if hasattr(page, "discard"):
                page.discard()

    def parts(self) -> list[str]:
        return [*PARTS, *(part for part in self.all_keys if part not in PARTS)]


def _loaded(name: str, look: Look, controller: SetUpController) -> QWidget:
    page: QWidget = load(name)(look, controller)
    return page


# -- what a preset suggests of a service -------------------------------------------------------------------------------

Facts = Mapping[str, Mapping[str, Any]]
MOST_HIGH = 380


class SuggestionStrip(QWidget):
    """Names the shown service's suggestions and leads to them; hidden without any. `said` is a notice with its icon."""

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
