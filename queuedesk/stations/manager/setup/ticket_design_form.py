"""The form of the printed ticket, with the ticket beside it as it will be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.field_kinds import BASICS, read_row
from queuedesk.core.setup.hall import PARTS, TicketDesign
from queuedesk.core.setup.rows import Setup, offered_languages
from queuedesk.core.wording import Wording
from queuedesk.i18n import _, said, say
from queuedesk.stations.manager.setup.fields_form import EDGE, PreviewForm, all_but, in_order, one_of
from queuedesk.stations.manager.setup_frame.draft import Draft
from queuedesk.stations.manager.setup_frame.set_up_controller import SetUpController
from queuedesk.stations.widgets.buttons import SecondaryButton, TextButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import ToggleChoice
from queuedesk.stations.widgets.panels import GroundArea, spread
from queuedesk.stations.widgets.questions.files import ask_file
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.hall_words import language_word
from queuedesk.stations.window.services import Papers
from queuedesk.stations.window.style import Look

# -- the sample --------------------------------------------------------------------------------------------------------

ROLLS = {80: 576, 58: 384}
"""Dots of the head by the width of the roll in millimetres."""
LEAST_PX, SMALL_PX = 260, 150
_NO_LIMIT = 16_777_215  # Qt's own
_EDGE_PX = 10


class SlipPicture(Follows, QWidget):
    """A slip in its true proportion, drawn narrower for a narrow roll."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self._image: QImage | None = None
        self._roll = 80
        self._most = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_image(self, image: QImage, roll: int) -> None:
        """Show a slip for a roll of so many millimetres."""
        self._image, self._roll = image, roll
        self.updateGeometry()
        self.update()

    def keep_within(self, most: int) -> None:
        """Draw at most so many px wide; 0 for as wide as there is room."""
        if most != self._most:
            self._most = most
            self.updateGeometry()
            self.update()

    def image(self) -> QImage | None:
        return self._image

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self._image is None:
            return self.look.px(LEAST_PX)
        return round(self._image.height() * self._scale(width)) + 2 * self.look.px(_EDGE_PX)

    def sizeHint(self) -> QSize:
        width = max(self.width(), self.look.px(200))
        return QSize(width, self.heightForWidth(width))

    def _scale(self, width: int) -> float:
        """Return px of the screen for one dot, the paper of 80 mm as wide as there is room."""
        room = width - 2 * self.look.px(_EDGE_PX)
        room = min(room, self._most) if self._most else room
        return room * self._roll / 80 / ROLLS[self._roll]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        scale, edge = self._scale(self.width()), self.look.px(_EDGE_PX)
        wide, high = self._image.width() * scale, self._image.height() * scale
        paper = QRectF((self.width() - wide) / 2, edge, wide, high)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        # Shrunk once with all its dots: a painter would leave out lines of one dot.
        shrunk = self._image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(
            round(wide * ratio),
            round(high * ratio),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(paper, shrunk)
        painter.setPen(self.look.color("line"))
        painter.drawRect(paper)
        painter.end()


class TicketPreview(QWidget):
    """The picture with the choice of the roll and the button that prints it; `rolled` says that another width is
    chosen."""

    rolled = Signal()
    print_wanted = Signal()

    def __init__(self, look: Look, card: QWidget) -> None:
        super().__init__(card)
        self._look, self.roll = look, 80
        self.title = Label(look, _("As printed"), px=17, bold=True, elide=False)
        self.picture = SlipPicture(look)
        self.picture.setAccessibleName(_("Sample ticket"))
        self.area = GroundArea(self.picture, keys=True)
        self.rolls = {mm: ToggleChoice(look, f"{mm} mm", height=40, px=15) for mm in ROLLS}
        for mm, choice in self.rolls.items():
            choice.setObjectName(str(mm))
            choice.setAccessibleName(_("Paper of {mm} mm", mm=mm))
            choice.setChecked(mm == self.roll)
            choice.clicked.connect(self._choose)
        self.button = SecondaryButton(look, _("Print a sample"), icon="print", height=48)
        self.button.clicked.connect(self.print_wanted)
        self.note = ErrorLine(look)
        self.note.hide()
        head = QHBoxLayout()
        spread(look, head, spacing=8)
        head.addWidget(self.title, 1)
        for choice in self.rolls.values():
            head.addWidget(choice)
        column = QVBoxLayout(card)
        spread(look, column, (14, 12, 14, 14), 8)
        column.addLayout(head)
        column.addWidget(self.area, 1)
        column.addWidget(self.button)
        column.addWidget(self.note)

    def make_small(self, small: bool) -> None:
        """Leave room for the fields below it, or use all that there is."""
        self.picture.keep_within(self._look.px(SMALL_PX) if small else 0)
        self.area.setMaximumHeight(self._look.px(SMALL_PX) if small else _NO_LIMIT)

    def hideEvent(self, event: QHideEvent) -> None:
        # What was said of a printer need not be true when somebody comes back.
        self.say("", wrong=False)
        super().hideEvent(event)

    def say(self, text: str, *, wrong: bool) -> None:
        """Show the result of printing."""
        self.note.say(text, refused=wrong)
        self.note.setVisible(bool(text))

    def _choose(self) -> None:
        self.roll = int(self.sender().objectName())
        for mm, choice in self.rolls.items():
            choice.setChecked(mm == self.roll)
        self.rolled.emit()


# -- words -------------------------------------------------------------------------------------------------------------

USUAL, BOTH_ZH, BOTH_EN = "", "zh_CN,en", "en,zh_CN"


def part_words() -> dict[str, str]:
    """Return the names of a ticket's parts, from top to bottom."""
    words = {
        "logo": _("Logo", context="ticket part"),
        "hall": _("Hall", context="ticket part"),
        "time": _("Date and time", context="ticket part"),
        "class": _("Priority", context="ticket part"),
        "ahead": _("People ahead", context="ticket part"),
        "wait": _("Wait", context="ticket part"),
        "windows": _("Windows", context="ticket part"),
        "zone": _("Zone", context="ticket part"),
        "steps": _("Steps", context="ticket part"),
        "papers": _("Papers", context="ticket part"),
        "code": _("QR code", context="ticket part"),
        "advice": _("Advice", context="ticket part"),
        "token": _("Code letters", context="ticket part"),
        "phone": _("Phone", context="ticket part"),
    }
    return {part: words[part] for part in PARTS}


def number_words() -> dict[str, str]:
    """Return the names of the number's sizes."""
    return {
        "large": _("Large", context="number size"),
        "medium": _("Medium", context="number size"),
        "small": _("Small", context="number size"),
    }


def order_words() -> dict[str, str]:
    """Return the languages of the paper in every order, keyed by lists separated by commas."""
    chinese, english = language_word("zh_CN"), language_word("en")
    return {
        USUAL: _("As the hall", context="language"),
        "zh_CN": chinese,
        "en": english,
        BOTH_ZH: f"{chinese} + {english}",
        BOTH_EN: f"{english} + {chinese}",
    }


PICTURES = "*.png *.jpg *.jpeg *.bmp *.webp"


class TicketDesignForm(PreviewForm):
    """The ticket's design. `sampled` says that the ticket looks different now; `logo_chosen` carries a picture's
    file."""

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
        self.logo_title = Label(look, said(self.declared["logo"].title), px=15, bold=True)
        self.logo_button = SecondaryButton(look, _("Choose a picture …"), icon="folder", height=44, px=16)
        self.remove_button = TextButton(look, _("Remove the logo"), height=44, px=16)
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

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_draft(self, setup: Setup, draft: Draft, problems: Mapping[str, str], *, may_change: bool) -> None:
        self.setup = setup
        super().show_draft(setup, draft, problems, may_change=may_change)
        self.orders.show_if(len(offered_languages(setup)) > 1)
        for button in (self.logo_button, self.remove_button):
            button.setVisible(may_change)
        self.remove_button.setVisible(may_change and bool(draft.row.get("logo")))
        self.say_logo(problems.get("logo", ""), wrong=bool(problems.get("logo")))
        if not problems:
            self.design = read_row(TicketDesign, draft.row)
        self.sampled.emit()
        self.arrange()

    def say_logo(self, text: str, *, wrong: bool) -> None:
        """Show what is wrong with a picture, else what is done with one."""
        self.logo_line.say(text or said(Wording(self.declared["logo"].hint)), refused=wrong)

    def arrange(self) -> None:
        """Let the ticket use all the height beside the fields."""
        super().arrange()
        self.sample.make_small(not self._is_beside)
        if self._is_beside:
            box = self.preview.geometry()
            self.preview.setGeometry(box.x(), box.y(), box.width(), self.height() - self.look.gap(EDGE) // 2)

    # -- what is typed and pressed -----------------------------------------------------------------------------------

    def set_logo(self, text: str) -> None:
        """Set a picture in the set-up's form."""
        self.write("logo", text)

    def _ask_logo(self) -> None:
        ask_file(self, _("Choose a picture …"), PICTURES, self.logo_chosen.emit)


# -- what the form asks for --------------------------------------------------------------------------------------------


class TicketDesignTrial(QObject):
    """Fills the form's preview; if nothing can print there is none."""

    def __init__(self, form: TicketDesignForm, controller: SetUpController) -> None:
        super().__init__(form)
        self._form, self._controller = form, controller
        form.sampled.connect(self._draw)
        form.logo_chosen.connect(self._read_logo)
        form.sample.print_wanted.connect(self._print)
        form.sample.button.setVisible(self._paper is not None)

    @property
    def _paper(self) -> Papers | None:
        return self._controller.context.services.paper

    def _draw(self) -> None:
        """Draw at once: a slip takes some milliseconds, and what is typed is to be seen while typing."""
        form, paper = self._form, self._paper
        if form.setup is not None and paper is not None:
            roll = form.sample.roll
            form.sample.picture.show_image(paper.draw_sample(form.setup, form.design, ROLLS[roll]), roll)

    def _print(self) -> None:
        form, paper = self._form, self._paper
        if paper is not None:
            form.sample.button.set_busy(True)
            form.sample.say("", wrong=False)
            work = partial(paper.print_sample, form.design)
            self._controller.context.tasks.run_long(work, self._printed, self._failed)

    def _printed(self, done: Mapping[str, Any]) -> None:
        self._form.sample.button.set_busy(False)
        if done["printed"]:
            self._form.sample.say(_("Printed on {printer}.", printer=done["printer"]), wrong=False)
        else:
            self._form.sample.say(say(done["error"]), wrong=True)

    def _failed(self, trouble: QueueDeskError) -> None:
        self._form.sample.button.set_busy(False)
        self._form.sample.say(say(trouble), wrong=True)

    def _read_logo(self, path: str) -> None:
        from queuedesk.printing.slip_contents import logo_text

        work = partial(logo_text, Path(path))
        self._controller.context.tasks.run_long(work, self._form.set_logo, self._refuse_logo)

    def _refuse_logo(self, trouble: QueueDeskError) -> None:
        self._form.say_logo(say(trouble), wrong=True)
