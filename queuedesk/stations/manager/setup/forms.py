"""All forms of the set-up, one of them shown, those of the hall, its windows, people, classes, targets and rules among
them; the parts that have a page of their own; and what a preset suggests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from queuedesk.core.features import FeatureManagerPage, Wording, import_reference, pages_in, rules_of_unused_features
from queuedesk.core.figures.targets import MEASURES, WAITS, measure_from_text
from queuedesk.core.matching import is_search_match
from queuedesk.core.network.roles import STAFF_ROLES
from queuedesk.core.setup import field_kinds, presets
from queuedesk.core.setup import file as setup_files
from queuedesk.core.setup import hall as hall_setup
from queuedesk.core.setup import rows as setup_rows
from queuedesk.core.setup import sentences as hall_sentences
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import (
    _,
    calendar_words,
    list_text,
    n_,
    role_word,
    suggestion_words,
    talk,
    wording_in_current_language,
)
from queuedesk.i18n.figures import figure_titles
from queuedesk.i18n.queue.event_words import words_by_alert_kind
from queuedesk.stations.manager.network import backups_controller, backups_page, sharing_page
from queuedesk.stations.manager.pages import ControllerCache, ManagerPages
from queuedesk.stations.manager.setup import features_page, fields_form, sentences_form, voice_form
from queuedesk.stations.manager.setup.service_form import (
    ItemForm,
    ItemsForm,
    PapersForm,
    ServiceForm,
    ServiceLimitsForm,
)
from queuedesk.stations.manager.setup_frame import draft as drafts
from queuedesk.stations.manager.setup_frame.draft import SetUpController
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.questions.dialogs import Dialog, DropDown, ErrorLine, FormField, SearchField
from queuedesk.stations.window.frame import language_own_name
from queuedesk.stations.window.style import Look

# -- the hall ----------------------------------------------------------------------------------------------------------


def language_choice_words() -> dict[str, str]:
    """Return the words for what languages a hall may use, in which order."""
    one, other = hall_setup.LANGUAGES
    choices = ((one,), (other,), (one, other), (other, one))
    return {",".join(codes): list_text([language_own_name(lang) for lang in codes]) for codes in choices}


def _reason_words(setup: setup_rows.Setup) -> dict[str, str]:
    """Return the reasons of a low rating that the hall may offer: none about papers where it lists none."""
    return {
        tag: figure_titles.rating_reason_words(tag)
        for tag in figure_titles.rating_reason_codes_of_hall(setup.has_services_with_papers)
    }


TIMES, TERMS, COUNTRY, REASONS, OTHER_HALLS = "times", "terms", "country", "reasons", "other-halls"
HALL_TABS: Mapping[str, Sequence[Sequence[str]]] = {
    field_kinds.BASICS: (("name", "name_en"), ("phone", "report_owner")),
    TIMES: (("opens", "closes"), ("timezone", "pay_days")),
    TERMS: (("words.window",), ("words.ticket",)),
    COUNTRY: (("languages",), ("country",)),
    REASONS: (("rating_reasons",),),
    OTHER_HALLS: (("region", "district"), ("seen_by", "led_by")),
}
"""The fields of the hall by tab, those of a line together."""
HALL_CHOICES = {
    "words.window": fields_form.single_code_field_choices(
        lambda _setup: fields_form.words_by_field_choice(hall_setup.WORDS["window"])
    ),
    "words.ticket": fields_form.single_code_field_choices(
        lambda _setup: fields_form.words_by_field_choice(hall_setup.WORDS["ticket"])
    ),
    "languages": fields_form.one_list_of_several_choices(lambda _setup: language_choice_words()),
    "country": fields_form.single_code_field_choices(calendar_words.holiday_country_choices_of_hall),
    "rating_reasons": fields_form.field_choices_of_several_values(_reason_words),
}


class HallForm(fields_form.FieldsForm):
    """A tab of what applies to the whole hall, apart from its rows and rules."""

    def __init__(self, look: Look, tab: str, parent: QWidget | None = None) -> None:
        super().__init__(look, hall_setup.HallSpec, parent=parent)
        self.declared |= {
            **field_kinds.fields_of_row_class(setup_rows.Setup),
            **{f"words.{key}": one for key, one in hall_setup.WORDS.items()},
        }
        if tab == TIMES:
            zone = self.make_drop_down("timezone")
            zone.setMaxVisibleItems(12)
            zone.set_minimum_letters(8)
        for keys in HALL_TABS[tab]:
            if keys[0] in HALL_CHOICES:
                self.add_choices(keys[0], HALL_CHOICES[keys[0]], in_boxes=tab == REASONS)
            else:
                self.add_row(*keys)
        self.column.addStretch(1)

    def choices_of_field(self, key: str) -> Mapping[str, str]:
        return hall_setup.time_zone_names()

    def show_row(self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft) -> None:
        """Show what a hall that never chose its languages uses."""
        known = (
            {"languages": list(setup_rows.field_and_choice_languages(setup))} if not draft.row.get("languages") else {}
        )
        super().show_row(setup, replace(draft, row={**draft.row, **known}))
        if "pay_days" in self.fields:
            self.fields["pay_days"].setVisible(setup.has_pay_days)

    def show_draft(
        self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        if "country" in self.choices:
            self.choices["country"][1].set_group_visible(len(calendar_words.holiday_country_choices_of_hall(setup)) > 1)


# -- windows and people ------------------------------------------------------------------------------------------------


class WindowForm(fields_form.FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, setup_rows.WindowSpec, parent=parent)
        self.arrow = self.make_drop_down("arrow")
        self.add_row("code", "arrow")
        self.lay_out_fields(field_kinds.BASICS)
        self.services = self.add_choices(
            "services", fields_form.field_choices_of_several_values(fields_form.lettered_service_names)
        )
        self.column.addStretch(1)

    def choice_hint(self, key: str, draft: drafts.SetUpRowDraft) -> str:
        return "" if draft.row.get(key) else _("No service yet: this window can't call anyone.")

    def show_draft(
        self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        code = self.fields["code"].edit
        if isinstance(code, QLineEdit):
            # The number names the window in the log: only a new one may be given.
            code.setEnabled(draft.new)


class StaffForm(fields_form.FieldsForm):
    pin_removal_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, setup_rows.StaffMember, parent=parent)
        self._has_pin: str | None = None
        self.add_row("name", "name_en")
        self.roles = self.add_choices(
            "role",
            fields_form.single_code_field_choices(
                lambda _setup: {str(one): role_word(str(one)) for one in STAFF_ROLES}
            ),
        )
        self.skills = self.add_choices(
            "skills", fields_form.field_choices_of_several_values(fields_form.lettered_service_names)
        )
        self.add_row("languages")
        pin = QLineEdit()
        pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields["pin"] = FormField(look, "", edit=pin)
        self.add_row("pin")
        self.remove_pin = SecondaryButton(look, _("Remove the PIN"), icon="remove", height=46)
        row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=12)
        row.addWidget(self.remove_pin)
        row.addStretch(1)
        self.column.addLayout(row)
        # Last: so many choices would push what is needed more often out of sight.
        self.warned = self.add_choices(
            "warned_of", fields_form.field_choices_of_several_values(_warning_subject_names_by_code)
        )
        self.column.addStretch(1)
        self.remove_pin.clicked.connect(self.pin_removal_wanted)
        self._show_pin_state()

    def set_has_pin(self, has: str | None) -> None:
        """Show whether the person has a "pin" or a "password" in its place, "" for neither; None while unknown."""
        self._has_pin = has
        self._show_pin_state()

    def _show_pin_state(self) -> None:
        has = self._has_pin
        self.fields["pin"].set_label(_("New PIN") if has == "pin" else _("PIN", context="field"))
        state = _("A PIN is set. Type a new one to replace it.") if has else _("No PIN: anybody can choose this name.")
        state = _("Signs in with the password of an account.") if has == "password" else state
        self.fields["pin"].set_hint(state if has is not None else "")
        self.remove_pin.setVisible(has == "pin" and self.may_change)
        self.fields["pin"].edit.setVisible(self.may_change)

    def show_row(self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        self.fill_field_unless_typing("pin", draft.pin)
        self._show_pin_state()

    def show_draft(
        self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        is_clerk = draft.row["role"] == "clerk"
        for widget in (self.skills.title, self.skills.row):
            widget.setVisible(is_clerk)
        self.skills.line.setVisible(is_clerk and bool(self.choice_hint("skills", draft)))
        self.warned.set_group_visible(setup.has_feature("thanks"))

    def choice_hint(self, key: str, draft: drafts.SetUpRowDraft) -> str:
        if key == "role":
            return _role_hint(str(draft.row["role"]))
        if key == "warned_of":
            return super().choice_hint(key, draft)
        return "" if draft.row.get(key) else _("If none is chosen: every service.")

    def draft_with_typed_text(self, draft: drafts.SetUpRowDraft, key: str, text: str) -> drafts.SetUpRowDraft:
        return draft.with_pin(text.strip()) if key == "pin" else super().draft_with_typed_text(draft, key, text)


def _warning_subject_names_by_code(setup: setup_rows.Setup) -> dict[str, str]:
    """Return what somebody can be warned of: services, then kinds of alerts."""
    return fields_form.lettered_service_names(setup) | {
        code: word[:1].upper() + word[1:] for code, word in words_by_alert_kind().items()
    }


def _role_hint(code: str) -> str:
    return {
        "guide": _("Issues and moves tickets at the front desk; does not call."),
        "clerk": _("Serves at their own window."),
        "manager": _("Does all that front desk and window staff can, and sees everything in the hall."),
        "admin": _("Also changes the set-up and people."),
        "reader": _("Sees figures and halls at the manager's station but changes nothing, for example at head office."),
    }[code]


# -- priority classes and targets --------------------------------------------------------------------------------------


class PriorityClassForm(fields_form.FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, setup_rows.PriorityClass, field_kinds.BASICS, parent)

    def show_row(self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        # Normal tickets are what the others are measured by.
        self.fields["credit_minutes"].edit.setEnabled(draft.code != "normal")
        self.ticks["staff_only"].setHidden(draft.code in setup_rows.NOT_CHOSEN)


class PartnerForm(fields_form.FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, hall_sentences.Partner, parent=parent)
        self.add_row("name", "name_en")
        self.kinds = self.add_choices(
            "kind",
            fields_form.single_code_field_choices(
                lambda _setup: {one: talk.offered_channel_word(one) for one in CHANNELS}
            ),
        )
        self.lay_out_fields(field_kinds.BASICS, leave=("name", "name_en"))
        self.takes = self.add_choices(
            "takes", fields_form.field_choices_of_several_values(_acceptable_services_and_items)
        )
        self.column.addStretch(1)


def _acceptable_services_and_items(setup: setup_rows.Setup) -> dict[str, str]:
    """Return what another place may take: services, and behind each its items."""
    words = {}
    for code, service in setup.services.items():
        words[code] = fields_form.lettered_service_names(setup)[code]
        words |= {
            f"{code}/{one.code}": figure_titles.item_with_service_letter(setup, (code, one.code))
            for one in service.items
        }
    return words


class TargetForm(fields_form.FieldsForm):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, setup_rows.TargetRow, parent=parent)
        self.measure = self.make_drop_down("measure")
        self.measure.setPlaceholderText(_("Please choose", context="measure"))
        self.add_row("measure")
        self.add_row("value", "from")
        self.column.addStretch(1)

    def show_row(self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft) -> None:
        super().show_row(setup, draft)
        value, measure = draft.row.get("value"), str(draft.row.get("measure") or "")
        self.fill_field_unless_typing("value", "" if value is None else str(value))
        self.show_choice("measure", measure_from_text(measure) or measure)
        self._show_measure_meaning(measure)

    def choices_of_field(self, key: str) -> Mapping[str, str]:
        """Return every measure, and an old free text if the row has one."""
        row = self.draft.row if self.draft is not None else {}
        chosen = str(row.get("measure") or "")
        known = measure_from_text(chosen)
        return {
            measure: figure_titles.measure_word(measure)
            for measure in [*MEASURES, *([chosen] if chosen and not known else [])]
        }

    def draft_with_typed_text(self, draft: drafts.SetUpRowDraft, key: str, text: str) -> drafts.SetUpRowDraft:
        return (
            draft.with_value(key, drafts.parse_target_figure(text))
            if key == "value"
            else super().draft_with_typed_text(draft, key, text)
        )

    def _show_measure_meaning(self, chosen: str) -> None:
        known = measure_from_text(chosen)
        if known is None:
            told, unit, hint = _("what the hall promises"), _("Value", context="field"), ""
            if chosen:
                told = _("No report judges this; please choose a measure.")
        elif known in WAITS:
            told, unit = figure_titles.measure_meaning(known), _("Minutes, at most", context="target")
            hint = _("such as 15 or 12.5")
        else:
            told, unit = figure_titles.measure_meaning(known), _("Percent, at least", context="target")
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
        self.rule = setup_files.HALL_RULES[key]
        self.name = panels.Label(look, px=17, bold=True, wrap=True)
        self.line = ErrorLine(look)
        self.usual = panels.Label(
            look,
            _("usual: {value}", value=drafts.rule_value_text(self.rule, self.rule.usual)),
            px=15,
            token="ink2",
            wrap=True,
        )
        self.edit: QLineEdit | DropDown = DropDown(look) if self.rule.kind.choices else QLineEdit()
        words = QVBoxLayout()
        panels.set_scaled_margins(look, words, spacing=2)
        words.addWidget(self.name)
        words.addWidget(self.line)
        words.addStretch(1)
        self._field = QWidget()
        right = QVBoxLayout(self._field)
        panels.set_scaled_margins(look, right, spacing=2)
        right.addWidget(self.edit)
        right.addWidget(self.usual)
        right.addStretch(1)
        line = QHBoxLayout(self)
        panels.set_scaled_margins(look, line, (0, 6, 0, 6), 24)
        line.addLayout(words, 1)
        line.addWidget(self._field)
        name, unit = wording_in_current_language(self.rule.title), wording_in_current_language(self.rule.unit)
        self.name.setText(name)
        self.edit.setAccessibleName(f"{name} {unit}".strip())
        if isinstance(self.edit, DropDown):
            self.edit.show_choice(
                str(self.edit.currentData() or self.rule.usual), fields_form.words_by_field_choice(self.rule)
            )

    def apply_look(self, look: Look) -> None:
        """Follow the size of letters: a choice is as wide as its longest word."""
        self._field.setFixedWidth(look.px(FIELD_PX))
        self.edit.setFont(look.font(17))

    def show_error(self, error: str) -> None:
        effect = wording_in_current_language(Wording(self.rule.hint))
        self.line.show_message(error or effect, refused=bool(error))
        self.edit.setAccessibleDescription(error or effect)
        if bool(self.edit.property("refused")) != bool(error):
            self.edit.setProperty("refused", bool(error))
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)
            self.edit.setFont(self.name.look.font(17))


class RulesForm(fields_form.SetUpRowForm):
    """All rules that the hall uses, in groups, and a search among them; one that has to be fixed is always shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._groups: dict[str, QWidget] = {}
        self._rules: dict[str, panels.DividerLine] = {}
        self._unused: frozenset[str] = frozenset()
        self._wrong: frozenset[str] = frozenset()
        self.rows: dict[str, RuleRow] = {}
        self.search, self.told = SearchField(look, height=48, px=17), panels.Label(look, px=16, token="ink2", wrap=True)
        self.search.set_texts(_("Search the rules"))
        self.search.typed.connect(self._show_rules_matching_search)
        self.told.hide()
        self.column.addWidget(self.search)
        self.column.addWidget(self.told)
        for group in setup_files.GROUPS:
            self._groups[group] = inside = QWidget()
            column = QVBoxLayout(inside)
            panels.set_scaled_margins(look, column, (0, 8, 0, 0), 6)
            column.addWidget(
                panels.Label(look, wording_in_current_language(setup_files.GROUPS[group]), px=20, bold=True)
            )
            for key in setup_files.rule_keys_of_group(group):
                self._rules[key], row = panels.DividerLine(look), RuleRow(look, key)
                self.rows[key] = row
                column.addWidget(self._rules[key])
                column.addWidget(row)
                if isinstance(row.edit, DropDown):
                    row.edit.currentIndexChanged.connect(partial(self._emit_draft_with_choice, key))
                else:
                    row.edit.textEdited.connect(partial(self.emit_edited_draft, key))
            self.column.addWidget(inside)
        self.column.addStretch(1)
        look.changed.connect(self._update_rows_for_look)
        self._update_rows_for_look()
        self._show_rules_matching_search()

    def _update_rows_for_look(self) -> None:
        for row in self.rows.values():
            row.apply_look(self.look)

    def _show_rules_matching_search(self) -> None:
        """Show the rules of which every word typed stands in the name, the effect or the group."""
        words, n = self.search.text(), 0
        for group, inside in self._groups.items():
            shown = [key for key in setup_files.rule_keys_of_group(group) if key not in self._unused]
            shown = [key for key in shown if key in self._wrong or self._is_rule_matching(key, group, words)]
            n += len(shown)
            for key in setup_files.rule_keys_of_group(group):
                self.rows[key].setVisible(key in shown)
                self._rules[key].setVisible(key in shown[1:])
            inside.setVisible(bool(shown))
        self.told.setText(n_("{n} rule found", "{n} rules found", n) if n else _("Nothing found"))
        self.told.setVisible(bool(words.strip()))

    def _is_rule_matching(self, key: str, group: str, words: str) -> bool:
        rule = setup_files.HALL_RULES[key]
        return is_search_match(
            words,
            wording_in_current_language(rule.title),
            wording_in_current_language(Wording(rule.hint)),
            wording_in_current_language(setup_files.GROUPS[group]),
        )

    def show_draft(
        self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft, problems: Mapping[str, str], *, may_change: bool
    ) -> None:
        super().show_draft(setup, draft, problems, may_change=may_change)
        sieve = rules_of_unused_features(setup.hall), frozenset(problems)
        if sieve != (self._unused, self._wrong):
            self._unused, self._wrong = sieve
            self._show_rules_matching_search()
        for key, row in self.rows.items():
            row.show_error(problems.get(key, ""))
            if isinstance(row.edit, QLineEdit):
                row.edit.setReadOnly(not may_change)
            else:
                fields_form.set_control_changeable(row.edit, may_change)

    def show_row(self, setup: setup_rows.Setup, draft: drafts.SetUpRowDraft) -> None:
        for key, row in self.rows.items():
            value, edit = draft.row.get(key, row.rule.usual), row.edit
            if isinstance(edit, DropDown):
                edit.show_choice(str(value), fields_form.words_by_field_choice(row.rule))
            elif not (edit.hasFocus() and edit.isModified()) and key not in draft.unread:
                edit.setText(drafts.rule_value_text(row.rule, value))
                if not edit.hasFocus():
                    edit.setCursorPosition(0)

    def clear_modified_flags(self) -> None:
        for row in self.rows.values():
            if isinstance(row.edit, QLineEdit):
                row.edit.setModified(False)

    def draft_with_typed_text(self, draft: drafts.SetUpRowDraft, key: str, text: str) -> drafts.SetUpRowDraft:
        return draft.read(key, text, partial(drafts.rule_value_by_key_from_text, key))

    def _emit_draft_with_choice(self, key: str, _at: int) -> None:
        edit = self.rows[key].edit
        if self.draft is not None and isinstance(edit, DropDown):
            self.changed.emit(self.draft.with_value(key, str(edit.currentData())))


ITEM = "item"
F = TypeVar("F", bound=fields_form.SetUpRowForm)


def _load_feature_form(at: FeatureManagerPage, look: Look) -> fields_form.SetUpRowForm:
    form: fields_form.SetUpRowForm = import_reference(at.page)(look)
    return form


class SetUpFormStack(QStackedWidget):
    """A form for each part, and more for the tabs of hall and service and for an item; each is made at first use. What
    is typed into it stands in the draft. `changed` is any form's draft as it stands; `item_wanted` and `item_left` lead
    to an item of a service and back, `pin_removal_wanted` is a person's."""

    changed = Signal(object)
    item_wanted = Signal(int)
    item_left = Signal()
    pin_removal_wanted = Signal()

    def __init__(self, look: Look, controller: SetUpController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._controller = look, controller
        self._made: dict[str, fields_form.SetUpRowForm] = {}
        self._none = QWidget()
        self.addWidget(self._none)
        self._makers: dict[str, Callable[[], fields_form.SetUpRowForm]] = {
            drafts.HALL: partial(HallForm, look, field_kinds.BASICS),
            **{tab: partial(HallForm, look, tab) for tab in HALL_TABS if tab != field_kinds.BASICS},
            drafts.SERVICES: partial(ServiceForm, look),
            drafts.WINDOWS: partial(WindowForm, look),
            drafts.STAFF: self._make_staff_form,
            drafts.CLASSES: partial(PriorityClassForm, look),
            drafts.NOTICES: partial(fields_form.FieldsForm, look, setup_rows.Notice, field_kinds.BASICS),
            drafts.SENTENCES: partial(sentences_form.SentencesForm, look),
            drafts.PARTNERS: partial(PartnerForm, look),
            drafts.TARGETS: partial(TargetForm, look),
            drafts.VOICE: self._make_voice_form,
            drafts.TICKET: self._make_ticket_design_form,
            drafts.RULES: partial(RulesForm, look),
            ITEM: self._make_item_form,
            setup_rows.ITEMS: self._make_items_form,
            setup_rows.LIMITS: partial(ServiceLimitsForm, look),
            setup_rows.PAPERS: partial(PapersForm, look),
            setup_rows.TOLD: partial(fields_form.FieldsForm, look, setup_rows.Service, setup_rows.TOLD),
            **{at.key_in_section: partial(_load_feature_form, at, look) for at in pages_in("setup") if not at.is_whole},
        }

    def _make_items_form(self) -> fields_form.SetUpRowForm:
        form = ItemsForm(self._look)
        form.item_wanted.connect(self.item_wanted)
        return form

    def _make_staff_form(self) -> fields_form.SetUpRowForm:
        form = StaffForm(self._look)
        form.pin_removal_wanted.connect(self.pin_removal_wanted)
        return form

    def _make_voice_form(self) -> fields_form.SetUpRowForm:
        form = voice_form.VoiceForm(self._look)
        voice_form.VoiceTrial(form, self._controller)
        return form

    def _make_ticket_design_form(self) -> fields_form.SetUpRowForm:
        form = voice_form.TicketDesignForm(self._look)
        voice_form.TicketDesignTrial(form, self._controller)
        return form

    def _make_item_form(self) -> fields_form.SetUpRowForm:
        form = ItemForm(self._look)
        form.back.connect(self.item_left)
        return form

    def made_forms(self) -> tuple[fields_form.SetUpRowForm, ...]:
        return tuple(self._made.values())

    def form_for_key(self, key: str) -> fields_form.SetUpRowForm:
        """Return the first form of a part, or the one for a service's tab, making it at first use."""
        form = self._made.get(key)
        if form is None:
            form = self._made[key] = self._makers[key]()
            form.changed.connect(self.changed)
            self.addWidget(form)
            form.label_fields()
        return form

    def show_no_form(self) -> None:
        self.setCurrentWidget(self._none)

    def _show_form(self, key: str) -> None:
        self.setCurrentWidget(self.form_for_key(key))

    def _form_for_key_of_class(self, key: str, kind: type[F]) -> F:
        form = self.form_for_key(key)
        assert isinstance(form, kind)
        return form

    @property
    def service_form(self) -> ServiceForm:
        return self._form_for_key_of_class(drafts.SERVICES, ServiceForm)

    @property
    def item_form(self) -> ItemForm:
        return self._form_for_key_of_class(ITEM, ItemForm)

    @property
    def staff_form(self) -> StaffForm:
        return self._form_for_key_of_class(drafts.STAFF, StaffForm)

    @property
    def is_item_form_shown(self) -> bool:
        return isinstance(self.currentWidget(), ItemForm)

    def shown_form(self) -> fields_form.SetUpRowForm:
        form = self.currentWidget()
        return form if isinstance(form, fields_form.SetUpRowForm) else self.service_form

    def open_part_without_typed_changes(self, part: str) -> None:
        """Show the part's first form, without anything typed before."""
        self._show_form(part)
        self.clear_modified_flags()
        for form in self.made_forms():
            form.verticalScrollBar().setValue(0)

    def clear_modified_flags(self) -> None:
        """Show every field's value again."""
        for form in self.made_forms():
            form.clear_modified_flags()

    def tab_words(self, part: str) -> Mapping[str, str]:
        """Return the tabs of a part, none if its form is one."""
        if part == drafts.SERVICES:
            return {
                field_kinds.BASICS: _("Basics", context="service"),
                setup_rows.ITEMS: _("Items", context="field"),
                setup_rows.LIMITS: _("Limits", context="service"),
                setup_rows.PAPERS: _("Papers", context="field"),
                setup_rows.TOLD: _("Steps, fees", context="service"),
            }
        words = {
            field_kinds.BASICS: _("Name", context="tab"),
            TIMES: _("Times", context="tab"),
            TERMS: _("Words", context="group"),
            COUNTRY: _("Country", context="tab"),
            REASONS: _("Ratings", context="tab"),
        }
        neighbours = {OTHER_HALLS: _("Other halls")} if self._controller.context.desk.db.is_shared else {}
        return words | neighbours if part == drafts.HALL else {}

    def tab_of_field(self, part: str, key: str) -> str:
        if part == drafts.HALL:
            return next(
                (tab for tab, lines in HALL_TABS.items() if any(key in line for line in lines)), field_kinds.BASICS
            )
        field = field_kinds.fields_of_row_class(setup_rows.Service).get(key.split(".", maxsplit=1)[0])
        return field.tab if field and field.tab else field_kinds.BASICS

    def open_tab(self, part: str, tab: str) -> None:
        self.clear_modified_flags()
        self._show_form(part if tab == field_kinds.BASICS else tab)

    def state_to_restore(self) -> tuple[str, int]:
        shown = next((key for key, form in self._made.items() if form is self.currentWidget()), "")
        return shown, self.item_form.at if shown == ITEM else -1

    def restore_state(self, left: tuple[str, int]) -> None:
        shown, at = left
        if shown == ITEM:
            self.open_item_form(at)
        elif shown:
            self._show_form(shown)
        else:
            self.show_no_form()

    def leave_missing_item(self, count: int) -> None:
        if self.is_item_form_shown and self.item_form.at >= count:
            self.open_tab(drafts.SERVICES, setup_rows.ITEMS)

    def open_item_form(self, at: int) -> None:
        self.item_form.clear_modified_flags()
        self.item_form.at = at
        self._show_form(ITEM)


# -- parts with a page of their own ------------------------------------------------------------------------------------


class SetUpFramePages(ManagerPages):
    """What stands in the set-up's frame: its forms, and the parts that are a page of their own, each made when it is
    first opened. The PCs and the backups are there if the station has the services they need."""

    def __init__(self, look: Look, controller: SetUpController, own: ControllerCache) -> None:
        super().__init__(context := controller.context)
        self._add_page_made_at_first_use(drafts.FEATURES, lambda: features_page.FeaturesPage(look, controller))
        for at in pages_in("setup"):
            if at.is_whole:
                self._add_page_made_at_first_use(
                    at.key_in_section, partial(_import_and_make_set_up_page, at.page, look, controller)
                )
        if sharing_page.SharingController.is_offered(context):
            self._add_page_made_at_first_use(
                drafts.PCS, lambda: sharing_page.SharingPage(look, own(sharing_page.SharingController, context))
            )
        if backups_controller.BackupsController.is_offered(context):
            self._add_page_made_at_first_use(
                drafts.BACKUPS,
                lambda: backups_page.BackupsPage(look, own(backups_controller.BackupsController, context)),
            )

    def _add_page_made_at_first_use(self, part: str, make: Callable[[], QWidget]) -> None:
        self.add_lazy_page(part, "", partial(drafts.part_word, part), make)

    @property
    def is_changed(self) -> bool:
        return any(getattr(page, "is_changed", False) for page in self.created_pages())

    def discard(self) -> None:
        for page in self.created_pages():
            if hasattr(page, "discard_edits"):
                page.discard_edits()

    def set_up_part_keys(self) -> list[str]:
        return [*drafts.PARTS, *(part for part in self.all_keys if part not in drafts.PARTS)]


def _import_and_make_set_up_page(name: str, look: Look, controller: SetUpController) -> QWidget:
    page: QWidget = import_reference(name)(look, controller)
    return page


# -- what a preset suggests of a service -------------------------------------------------------------------------------

Facts = Mapping[str, Mapping[str, Any]]
MOST_HIGH = 380


class SuggestionStrip(QWidget):
    """Names the shown service's suggestions and leads to them; hidden without any. `said` is a notice with its icon."""

    said = Signal(str, str)

    def __init__(
        self, look: Look, controller: SetUpController, host: QWidget, margins: panels.Margins = (0, 0, 0, 0)
    ) -> None:
        super().__init__()
        self._look, self._controller, self._host = look, controller, host
        self._draft: drafts.SetUpRowDraft | None = None
        self.words = panels.Label(look, px=15, wrap=True)
        self.button = SecondaryButton(look, _("Keep or drop"), height=44, px=16)
        self.button.clicked.connect(self.open_dialog)
        card = panels.Card(look)
        row = QHBoxLayout(card)
        panels.set_scaled_margins(look, row, (12, 8, 8, 8), 10)
        row.addWidget(panels.IconBadge(look, "info", bare=True))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, margins)
        column.addWidget(card)
        controller.decided.connect(self._say_saved)
        self.hide()

    def show_service_suggestions(self, draft: drafts.SetUpRowDraft | None) -> None:
        """Show the open suggestions of a service; None for no service."""
        self._draft = draft
        self.button.setVisible(self._controller.may_change)
        self.setVisible(bool(self._suggested_facts()))
        self.words.setText(
            _(
                "Suggested, not shown to customers yet: {facts}",
                facts=suggestion_words.suggested_fact_titles_text(self._suggested_facts()),
            )
        )

    def open_dialog(self) -> None:
        if self._draft is not None:
            name, spoken = drafts.row_name(self._draft.row), setup_rows.hall_languages(self._controller.setup)
            dialog = SuggestedFactsDialog(self._host, self._look, name, self._suggested_facts(), spoken)
            dialog.decided.connect(partial(self._controller.decide_suggestions, self._draft.code))
            dialog.open_dialog()

    def _suggested_facts(self) -> Facts:
        return presets.undecided_suggestions_by_fact(self._draft.row) if self._draft is not None else {}

    def _say_saved(self) -> None:
        self.said.emit(_("Saved"), "check")


class _SuggestedFactsArea(panels.VerticalScrollArea):
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


class SuggestedFactsDialog(Dialog):
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
        panels.set_scaled_margins(self.look, column, (0, 0, 12, 0), 8)
        for fact, fields in facts.items():
            self._add_row_of_suggested_fact(column, fact, fields)
        self.body.addWidget(_SuggestedFactsArea(self.look, inside))
        self.all_buttons = {
            presets.KEEP: SecondaryButton(self.look, _("Keep all", context="suggestion"), height=56, px=17)
        }
        self.all_buttons[presets.DROP] = SecondaryButton(
            self.look, _("Drop all", context="suggestion"), height=56, px=17
        )
        for at, (answer, button) in enumerate(self.all_buttons.items()):
            button.clicked.connect(partial(self._answer_all_suggestions, answer))
            self.buttons.insertWidget(at, button)
        self.add_answer_buttons(_("Decide later"), _("Save", context="dialog"), self._close_and_emit_answers)
        self._update_save_button()

    def _add_row_of_suggested_fact(self, column: QVBoxLayout, fact: str, fields: Mapping[str, Any]) -> None:
        title = suggestion_words.suggested_fact_title(fact)
        words = {presets.KEEP: _("Keep", context="suggestion"), presets.DROP: _("Drop", context="suggestion")}
        head, texts = QHBoxLayout(), QVBoxLayout()
        panels.set_scaled_margins(self.look, head, spacing=8)
        panels.set_scaled_margins(self.look, texts, spacing=2)
        texts.addWidget(panels.Label(self.look, title, px=15, bold=True, token="ink2"))
        words_shown = dict.fromkeys(
            suggestion_words.suggested_fact_content(fact, fields, lang) for lang in self._languages
        )
        texts.addWidget(panels.Label(self.look, "\n".join(words_shown), px=16, wrap=True))
        head.addLayout(texts, 1)
        self.choices[fact] = {}
        for answer, word in words.items():
            choice = ToggleChoice(self.look, word, height=44, px=16)
            choice.setAccessibleName(f"{word} · {title}")
            choice.clicked.connect(partial(self._uncheck_other_answers_to_fact, fact, answer))
            head.addWidget(choice, 0, Qt.AlignmentFlag.AlignTop)
            self.choices[fact][answer] = choice
        column.addLayout(head)
        column.addWidget(panels.DividerLine(self.look))

    def answers(self) -> dict[str, str]:
        return {
            fact: answer for fact, own in self.choices.items() for answer, choice in own.items() if choice.isChecked()
        }

    def first_focus_widget(self) -> QWidget:
        return self.all_buttons[presets.KEEP]

    def _uncheck_other_answers_to_fact(self, fact: str, answer: str) -> None:
        for own, choice in self.choices[fact].items():
            choice.setChecked(choice.isChecked() and own == answer)
        self._update_save_button()

    def _answer_all_suggestions(self, answer: str) -> None:
        for own in self.choices.values():
            for key, choice in own.items():
                choice.setChecked(key == answer)
        self._update_save_button()

    def _update_save_button(self) -> None:
        if self.answers():
            self.yes_button.enable_with_label(_("Save", context="dialog"))
        else:
            self.yes_button.disable_with_reason(_("Nothing decided yet"))

    def _close_and_emit_answers(self) -> None:
        answers = self.answers()
        if answers:
            self.close_dialog()
            self.decided.emit(answers)
