"""The form of the printed ticket: its parts, sizes, languages, own words and sign, with the ticket beside it as it will
be."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.setup.fields import read_row
from queuedesk.core.setup.ticket_design import NUMBERS, PARTS, TEXTS, TicketDesign
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _
from queuedesk.stations.manager.setup.form_parts import Toggles
from queuedesk.stations.manager.setup.preview_form import EDGE, PreviewForm
from queuedesk.stations.manager.setup.ticket_design_preview import TicketPreview
from queuedesk.stations.manager.setup.ticket_design_words import number_words, order_words, part_words
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.file_asked import ask_file
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

PICTURES = "*.png *.jpg *.jpeg *.bmp *.webp"


class TicketDesignForm(PreviewForm):
    """`sampled` says that the ticket looks otherwise now; `logo_chosen` carries the file of a picture."""

    sampled = Signal()
    logo_chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.setup: Setup | None = None
        self.design = TicketDesign()
        self.sample = TicketPreview(look, self.preview)
        self.parts = Toggles(look, self.column)
        self.numbers = Toggles(look, self.column, one=True)
        self.orders = Toggles(look, self.column, one=True)
        self.add_row("head", "head_en")
        self.add_row("foot", "foot_en")
        self.logo_title = Label(look, px=15, bold=True)
        self.logo_button = SecondaryButton(look, "", icon="folder", height=44, px=16)
        self.remove_button = TextButton(look, "", height=44, px=16)
        self.logo_line = ErrorLine(look)
        row = QHBoxLayout()
        spread(look, row, spacing=8)
        row.addWidget(self.logo_button)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        self.column.addWidget(self.logo_title)
        self.column.addLayout(row)
        self.column.addWidget(self.logo_line)
        self.column.addStretch(1)
        self.parts.pressed.connect(self._show_part)
        self.numbers.pressed.connect(self._size)
        self.orders.pressed.connect(self._order)
        self.sample.rolled.connect(self.sampled)
        self.logo_button.clicked.connect(self._ask_logo)
        self.remove_button.clicked.connect(self._remove_logo)

    def retranslate(self) -> None:
        labels = {
            "head": (_("Words at the top", context="field"), _("under the hall's name")),
            "head_en": (_("English words at the top", context="field"), ""),
            "foot": (_("Words at the bottom", context="field"), _("above the last line")),
            "foot_en": (_("English words at the bottom", context="field"), ""),
        }
        for key, (label, hint) in labels.items():
            self.fields[key].set_label(label)
            self.fields[key].set_hint(hint)
        self.logo_title.setText(_("Logo", context="field"))
        self.logo_button.setText(_("Choose a picture …"))
        self.remove_button.setText(_("Remove the logo"))
        self.sample.retranslate()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.setup = setup
        super().show_draft(setup, draft, problems, may_change=may_change)
        hint = _("The number and the service always stand there.")
        self.parts.say(_("What stands on the ticket"), hint, problems.get("hidden", ""))
        self.numbers.say(_("Size of the number"), "", problems.get("number", ""))
        self.orders.say(
            _("Languages of the paper"), _("two: each word in both, figures once"), problems.get("languages", "")
        )
        for button in (self.logo_button, self.remove_button):
            button.setVisible(may_change)
        self.remove_button.setVisible(may_change and bool(draft.row.get("logo")))
        self.say_logo(problems.get("logo", ""), wrong=bool(problems.get("logo")))
        if not problems:
            self.design = read_row(TicketDesign, draft.row)
        self.sampled.emit()
        self.arrange()

    def show_row(self, setup: Setup, draft: Draft) -> None:
        row, may = draft.row, self.may_change
        for key in TEXTS:
            self.put(key, str(row.get(key) or ""))
        hidden = set(row.get("hidden") or ())
        self.parts.set_choices(part_words(), [part for part in PARTS if part not in hidden], may_change=may)
        self.numbers.set_choices(number_words(), [str(row.get("number") or NUMBERS[0])], may_change=may)
        self.orders.set_choices(order_words(), [",".join(row.get("languages") or ())], may_change=may)

    def say_logo(self, text: str, *, wrong: bool) -> None:
        """Say what is wrong with a picture, else what becomes of one."""
        self.logo_line.say(text or _("Any picture; it is printed in black and white."), refused=wrong)

    def arrange(self) -> None:
        """Let the ticket use all the height that there is beside the fields."""
        super().arrange()
        self.sample.make_small(not self._is_beside)
        if self._is_beside:
            box = self.preview.geometry()
            self.preview.setGeometry(box.x(), box.y(), box.width(), self.height() - self.look.gap(EDGE) // 2)

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def set_logo(self, text: str) -> None:
        """Take a picture as the set-up keeps it."""
        self._with("logo", text)

    def _show_part(self, part: str, on: bool) -> None:
        if self.draft is not None:
            hidden = set(self.draft.row.get("hidden") or ()) ^ {part}
            self._with("hidden", [one for one in PARTS if one in hidden])

    def _size(self, size: str, _on: bool) -> None:
        self._with("number", size)

    def _order(self, chosen: str, _on: bool) -> None:
        self._with("languages", chosen.split(",") if chosen else [])

    def _remove_logo(self) -> None:
        self._with("logo", "")

    def _with(self, key: str, value: object) -> None:
        if self.draft is not None:
            self.changed.emit(self.draft.with_value(key, value))

    def _ask_logo(self) -> None:
        ask_file(self, _("Choose a picture …"), PICTURES, self.logo_chosen.emit)
