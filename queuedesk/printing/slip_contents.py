"""What goes on paper, in words and figures only: no Qt, no database.

A hall's sign on paper is a small black-and-white picture, kept as text."""

from __future__ import annotations

import base64
from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.dispatch import NO_FIGURES, NoQuoteReason, QuotedWait
from queuedesk.core.setup.hall import LOGO_HEIGHT, LOGO_WIDTH, TicketDesign
from queuedesk.core.setup.rows import Service, Setup, hall_languages, slip_languages
from queuedesk.core.talk.number_block import WindowLabel
from queuedesk.files.reading import LARGEST_PICTURE, read_input_file
from queuedesk.i18n import name_in_language

if TYPE_CHECKING:
    from queuedesk.printing.slip_painter import SlipSheet


S = TypeVar("S", bound="HallSlip")
USUAL = TicketDesign()


class PaperToBring(Struct, frozen=True):
    """A paper that the customer brings, e.g. ("ID card of the new owner", "original")."""

    name: str
    note: str = ""


class HallSlip(Struct, frozen=True, kw_only=True):
    """What all slips of a hall share: `design` says what is on them, `also` is the same slip in the paper's second
    language."""

    lang: str
    hall: str
    issued_at: datetime  # in the hall's own time zone
    design: TicketDesign = USUAL
    also: HallSlip | None = None
    phone: str | None = None


class TicketSlip(HallSlip, frozen=True, kw_only=True):
    """A ticket to be printed, with every name in the slip's language. `steps` names all services of the visit in
    order, with their windows from the second on; with fewer than two it is left out. `ahead_of_all`: of those ahead
    some may wait for other services, or come from another one."""

    label: str  # as called, e.g. "B031"
    service: str
    qr_text: str
    qr_advice: tuple[str, ...] = ()  # what the code opens, and how else one is called
    token: str  # printed small, to be typed where the code can't be read
    item: str | None = None
    class_name: str | None = None  # None for the normal class
    ahead: int | None = None
    ahead_of_all: bool = False
    wait: QuotedWait | NoQuoteReason = NO_FIGURES
    window: WindowLabel | None = None  # several as one, e.g. "3–6"
    papers: tuple[PaperToBring, ...] = ()
    steps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()  # that it may not be called today, and what then
    elsewhere: str = ""  # other ways at a peak, in one line


class PapersSlip(HallSlip, frozen=True, kw_only=True):
    """The list given to a visitor whose papers are not ready; no ticket, no number."""

    service: str
    papers: tuple[PaperToBring, ...]
    item: str | None = None
    version: str | None = None  # which edition of the list, e.g. "2026-11"
    steps: tuple[str, ...] = ()  # one line each, in their order
    fees: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()  # one line each, e.g. "Mon–Fri 8:30–17:30"


class QuietTimesSlip(HallSlip, frozen=True, kw_only=True):
    """When the next days are quiet, to take home: `days` are (day, its quiet times or ""), both in words."""

    days: tuple[tuple[str, str], ...]


class LabelSlip(HallSlip, frozen=True, kw_only=True):
    """A label for a thing: what it is in large signs, such as its number, lines below it, and a code to scan."""

    title: str
    lines: tuple[str, ...]
    qr_text: str

    @property
    def picture_file_name(self) -> str:
        """What the file of its picture is called."""
        return f"label-{self.title}"


class FeatureSlip(HallSlip, frozen=True, kw_only=True):
    """A slip that a feature makes and lays out itself."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What a print queue calls it."""

    @property
    @abstractmethod
    def picture_file_name(self) -> str:
        """What the file of its picture is called."""

    @abstractmethod
    def lay_out(self, width: int) -> SlipSheet:
        """Return it laid out for a head of `width` dots (sheet.WIDE or sheet.NARROW)."""


Slip = TicketSlip | PapersSlip | QuietTimesSlip | LabelSlip | FeatureSlip


def slip_in_paper_languages(setup: Setup, make: Callable[[str], S], design: TicketDesign | None = None) -> S:
    """Return a slip in the first language of the hall's paper, with the second behind it."""
    made = [replace(make(lang), design=design or setup.ticket_design) for lang in slip_languages(setup, design)]
    return replace(made[0], also=made[1]) if len(made) > 1 else made[0]


def papers_in_language(service: Service | None, item: str | None, lang: str) -> tuple[PaperToBring, ...]:
    """Return the papers of a service, or of its item where that has its own."""
    if service is None:
        return ()
    found = next((known for known in service.items if known.code == item), None)
    papers = found.papers if found and found.papers else service.papers
    return tuple(
        PaperToBring(name_in_language(one.name, one.name_en, lang), name_in_language(one.note, one.note_en, lang))
        for one in papers
    )


def label_slip(
    setup: Setup, now: datetime, title: str, lines: Callable[[str], tuple[str, ...]], qr_text: str
) -> LabelSlip:
    """Return a label in the first language of the hall's papers; `lines` gives what stands below in a language."""
    lang = hall_languages(setup)[0]
    return LabelSlip(
        lang=lang,
        hall=name_in_language(setup.hall.name, setup.hall.name_en, lang),
        issued_at=setup.to_hall_time(now),
        title=title,
        lines=lines(lang),
        qr_text=qr_text,
    )


def logo_file_as_setup_text(path: Path) -> str:
    """Return the picture at `path` in the set-up's form, shrunk to fit. Raises OutsideError "no_such_file",
    "cannot_read", "too_large" (mb), RuleError "bad_value" for what is no picture."""
    data = read_input_file(path, LARGEST_PICTURE)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    picture = QImageReader(buffer).read()
    if picture.isNull():
        raise RuleError("bad_value", field="ticket.logo", value=path.name, why="not_a_picture")
    return _png_as_base64(_logo_shrunk_to_black_and_white(picture))


def logo_image_from_setup_text(text: str) -> QImage | None:
    """Return the picture of a stored logo, None for none."""
    if not text:
        return None
    image = QImage.fromData(QByteArray(base64.b64decode(text)))
    return None if image.isNull() else image


def _logo_shrunk_to_black_and_white(picture: QImage) -> QImage:
    """Return it on white, no larger than a slip has room for, in black and white."""
    if picture.width() > LOGO_WIDTH or picture.height() > LOGO_HEIGHT:
        picture = picture.scaled(
            LOGO_WIDTH, LOGO_HEIGHT, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    flat = QImage(max(1, picture.width()), max(1, picture.height()), QImage.Format.Format_RGB32)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, picture)
    painter.end()
    flags = Qt.ImageConversionFlag.MonoOnly | Qt.ImageConversionFlag.ThresholdDither
    return flat.convertToFormat(QImage.Format.Format_Grayscale8).convertToFormat(QImage.Format.Format_Mono, flags)


def _png_as_base64(image: QImage) -> str:
    buffer = QBuffer()
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return base64.b64encode(buffer.data().data()).decode("ascii")
