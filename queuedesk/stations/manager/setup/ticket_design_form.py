"""The form of the printed ticket: its parts, sizes, languages, own words and sign, with the ticket beside it as it will
be."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from queuedesk.core.setup.fields import BASICS, Wording, read_row
from queuedesk.core.setup.ticket_design import TicketDesign
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, said
from queuedesk.stations.manager.setup.fields_form import EDGE, PreviewForm, all_but, in_order, one_of
from queuedesk.stations.manager.setup.ticket_design_preview import TicketPreview
from queuedesk.stations.manager.setup.ticket_design_words import number_words, order_words, part_words
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import ask_file
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

PICTURES = "*.png *.jpg *.jpeg *.bmp *.webp"


class TicketDesignForm(PreviewForm):
    """`sampled` says that the ticket looks otherwise now; `logo_chosen` carries the file of a picture."""

    sampled = Signal()
    logo_chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, TicketDesign, parent)
        self.setup: Setup | None = None
        self.design = TicketDesign()
        self.sample = TicketPreview(look, self.preview)
        self.parts = self.add_choices("hidden", all_but(lambda _setup: part_words()))
        self.numbers = self.add_choices("number", one_of(lambda _setup: number_words()))
        self.orders = self.add_choices("languages", in_order(lambda _setup: order_words()))
        self.lay(BASICS)
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
        self.sample.rolled.connect(self.sampled)
        self.logo_button.clicked.connect(self._ask_logo)
        self.remove_button.clicked.connect(lambda: self.write("logo", ""))

    def retranslate(self) -> None:
        super().retranslate()
        self.logo_title.setText(said(self.declared["logo"].title))
        self.logo_button.setText(_("Choose a picture …"))
        self.remove_button.setText(_("Remove the logo"))
        self.sample.retranslate()

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.setup = setup
        super().show_draft(setup, draft, problems, may_change=may_change)
        for button in (self.logo_button, self.remove_button):
            button.setVisible(may_change)
        self.remove_button.setVisible(may_change and bool(draft.row.get("logo")))
        self.say_logo(problems.get("logo", ""), wrong=bool(problems.get("logo")))
        if not problems:
            self.design = read_row(TicketDesign, draft.row)
        self.sampled.emit()
        self.arrange()

    def say_logo(self, text: str, *, wrong: bool) -> None:
        """Say what is wrong with a picture, else what becomes of one."""
        self.logo_line.say(text or said(Wording(self.declared["logo"].hint)), refused=wrong)

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
        self.write("logo", text)

    def _ask_logo(self) -> None:
        ask_file(self, _("Choose a picture …"), PICTURES, self.logo_chosen.emit)
