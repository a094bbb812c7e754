"""Lays out a page of a roll from top to bottom, once for all devices, and paints the elements of a slip."""

from collections.abc import Callable, Iterable, Sequence
from math import floor

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from queuedesk.core.talk import number_block as laid
from queuedesk.i18n.line_breaks import unbroken_pieces
from queuedesk.paths import resource_path
from queuedesk.printing.qr import QUIET_MODULES, qr_modules

# -- the typefaces on paper: the same files as on the screens --------------------------------------------------------

FAMILIES = ["QD Inter", "QD Sans SC"]
CAP_SHARE = 0.727  # height of a capital, as a share of the size (Inter's)


def load_bundled_fonts() -> None:
    """Load the bundled fonts into Qt. A second call costs nothing; needs a QGuiApplication."""
    if all(QFontDatabase.hasFamily(family) for family in FAMILIES):
        return
    for file in sorted(resource_path("fonts").glob("*.ttf")):
        # Not by its path: without a screen, Windows opens no file whose folder the system's code page can't spell.
        QFontDatabase.addApplicationFontFromData(file.read_bytes())


def slip_font(size_dots: int, *, bold: bool) -> QFont:
    """Return the font of `size_dots`, unhinted so that it measures the same on paper, in PDF and in pictures."""
    made = QFont(FAMILIES)
    made.setPixelSize(size_dots)
    made.setBold(bold)
    # Inter swaps : and – between figures for glyphs that a PDF's reader can't turn back into characters.
    made.setFeature(QFont.Tag("calt"), 0)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if size_dots > 64:
        # Qt's PDF multiplies absolute spacing by the painter's scale; this is the same −0.025 em in figures.
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 96)
    return made


# -- the elements of a slip in printer dots, and the one function that paints them -----------------------------------

DOTS_PER_MM = 8  # a 203 dpi thermal head


class TextMark(Struct, frozen=True):
    """One run of text; `box` is its ink, `origin` where its baseline starts."""

    box: QRectF
    text: str
    origin: QPointF
    size: int
    bold: bool


class LineMark(Struct, frozen=True):
    """A line across the slip."""

    box: QRectF


class TickBox(Struct, frozen=True):
    """An empty box for the customer's pen."""

    box: QRectF
    line: int


class ArrowMark(Struct, frozen=True):
    """The direction to the window, drawn because the typefaces have no arrows."""

    box: QRectF
    direction: str
    line: int


class QrCodeMark(Struct, frozen=True):
    """A QR code; `box` includes its quiet zone, `module` is a whole number of dots."""

    box: QRectF
    modules: tuple[tuple[bool, ...], ...]
    module: int


class LogoMark(Struct, frozen=True):
    """The hall's logo, in black and white."""

    box: QRectF
    image: QImage


Mark = TextMark | LineMark | TickBox | ArrowMark | QrCodeMark | LogoMark


class SlipSheet(Struct, frozen=True):
    """A laid out slip: its size and margin in dots, and its marks from top to bottom."""

    width: int
    height: int
    margin: int
    marks: tuple[Mark, ...]


def paint_marks(painter: QPainter, marks: Iterable[Mark]) -> None:
    """Paint `marks` in black; the painter's units are dots, scaled by the caller for finer devices."""
    painter.setPen(Qt.GlobalColor.black)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for mark in marks:
        match mark:
            case TextMark():
                painter.setFont(slip_font(mark.size, bold=mark.bold))
                painter.drawText(mark.origin, mark.text)
            case LineMark():
                painter.fillRect(mark.box, Qt.GlobalColor.black)
            case TickBox():
                painter.fillPath(_tick_box_outline(mark), Qt.GlobalColor.black)
            case ArrowMark():
                strokes = laid.arrow_filling_square(mark.direction, mark.box.left(), mark.box.top(), mark.box.width())
                _paint_arrow_lines(painter, strokes, mark.line)
            case QrCodeMark():
                painter.fillPath(_dark_modules_path(mark), Qt.GlobalColor.black)
            case LogoMark():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(mark.box, mark.image)


def _tick_box_outline(mark: TickBox) -> QPainterPath:
    path = QPainterPath()
    path.addRect(mark.box)
    path.addRect(mark.box.adjusted(mark.line, mark.line, -mark.line, -mark.line))
    return path  # odd-even filling leaves the inside white


def _paint_arrow_lines(painter: QPainter, arrow: laid.WayArrowLines, width: float) -> None:
    painter.save()
    round_ends = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(QPen(Qt.GlobalColor.black, width, *round_ends))
    for line in arrow.lines:
        painter.drawPolyline([QPointF(x, y) for x, y in line])
    painter.restore()


def _dark_modules_path(mark: QrCodeMark) -> QPainterPath:
    """One path of rows of dark modules: filled at once, so that no viewer shows seams between them."""
    left, top = mark.box.left() + QUIET_MODULES * mark.module, mark.box.top() + QUIET_MODULES * mark.module
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for row, line in enumerate(mark.modules):
        start: int | None = None
        for column, dark in enumerate((*line, False)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.addRect(
                    left + start * mark.module, top + row * mark.module, (column - start) * mark.module, mark.module
                )
                start = None
    return path


# -- names and sentences in lines: full ones, even ones, and those that end where a clause ends ----------------------

_CLAUSE_ENDS = "，。；：？！,;:?!"

Measure = Callable[[str], float]


def wrapped_lines(text: str, measure: Measure, width: float) -> list[str]:
    """Return `text` as lines of at most `width` by `measure`, at least one line. Breaks after spaces and beside Chinese
    characters, never before closing punctuation nor at U+2060; a word longer than a line is cut."""
    lines: list[str] = []
    line = ""
    for piece in unbroken_pieces(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while measure(line.rstrip()) > width and len(line) > 1:
            cut = next((n for n in range(len(line) - 1, 1, -1) if measure(line[:n]) <= width), 1)
            lines.append(line[:cut])
            line = line[cut:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def wrap_evenly(text: str, measure: Measure, width: float) -> list[str]:
    """Return the same number of lines as `wrapped_lines`, with the longest as short as possible: for centred names."""
    lines = wrapped_lines(text, measure, width)
    low, high = 0.0, width
    while len(lines) > 1 and high - low > 1:
        middle = (low + high) / 2
        tried = wrapped_lines(text, measure, middle)
        if len(tried) > len(lines) or any(measure(line) > middle for line in tried):
            low = middle
        else:
            lines, high = tried, middle
    return lines


def wrap_at_clauses_or_evenly(text: str, measure: Measure, width: float) -> list[str]:
    """Return lines that end at the ends of clauses, if that takes no more lines; else even ones."""
    lines: list[str] = []
    for clause in _split_into_clauses(text):
        if lines and measure(lines[-1] + clause.rstrip()) <= width:
            lines[-1] += clause
        else:
            lines.append(clause)
    lines = [line.strip() for line in lines]
    even = wrap_evenly(text, measure, width)
    return lines if len(lines) <= len(even) and all(measure(line) <= width for line in lines) else even


def _split_into_clauses(text: str) -> list[str]:
    clauses = [""]
    for char in text:
        is_figure = char.isdigit() and clauses[-1][-1:] in (":", ",")  # such as 16:00
        is_first = char not in _CLAUSE_ENDS and char != " " and clauses[-1].rstrip()[-1:] in tuple(_CLAUSE_ENDS)
        if is_first and not is_figure:
            clauses.append("")
        clauses[-1] += char
    return clauses


WIDE, NARROW = 576, 384  # dots that heads for 80 mm and 58 mm paper can print
SMALLEST_TEXT, THINNEST_LINE = 20, 2  # less is not legible on a worn head
ALSO_LABEL = 24
ALSO_SHARE = 0.8  # how large a second language is beside the first


def _without_joiners(text: str) -> str:
    """Return a text without the marks that keep it on one line."""
    return text.replace("\u2060", "")


class SlipLayoutWriter:
    """Lays out one slip. Sizes are given for the 576-dot head and scaled for a narrower one."""

    def __init__(self, width: int) -> None:
        if width not in (WIDE, NARROW):
            raise ValueError(width)
        load_bundled_fonts()
        self.width = width
        self._scale = 1.0 if width == WIDE else 0.72
        self.margin = self.scaled_dots(28)
        self.y: float = self.margin
        self._marks: list[Mark] = []

    @property
    def content_width(self) -> float:
        """Return the width between the margins, in dots."""
        return self.width - 2 * self.margin

    def scaled_dots(self, wide_dots: float) -> int:
        """Return a distance given for the wide head, scaled to this one."""
        return round(wide_dots * self._scale)

    def scaled_text_size(self, wide_dots: float) -> int:
        """Return a text size given for the wide head, scaled to this one but never too small to read."""
        return max(SMALLEST_TEXT, self.scaled_dots(wide_dots))

    def skip_down(self, wide_dots: float) -> None:
        self.y += self.scaled_dots(wide_dots)

    def finished_slip_sheet(self) -> SlipSheet:
        return SlipSheet(self.width, round(self.y + self.margin), self.margin, tuple(self._marks))

    def draw_rule(self, line: int = THINNEST_LINE) -> None:
        """Draw a line across, from margin to margin."""
        line = max(THINNEST_LINE, self.scaled_dots(line))
        self.y = round(self.y)
        self._marks.append(LineMark(QRectF(self.margin, self.y, self.content_width, line)))
        self.y += line

    def draw_centred(self, text: str, size: float, *, bold: bool = False, leading: float = 1.3) -> None:
        """Write `text` in the middle, its lines of even length."""
        dots = self.scaled_text_size(size)
        metrics = self._font_metrics(dots, bold)
        for line in wrap_evenly(text, metrics.horizontalAdvance, self.content_width):
            baseline = self._baseline_y(dots, leading)
            ink = metrics.tightBoundingRect(line)
            self._add_text(line, dots, bold, self.width / 2 - ink.center().x(), baseline)
            self.y += dots * leading

    def fits_on_line(self, text: str, size: float) -> bool:
        """Whether bold `text` fits on one line."""
        return self._font_metrics(self.scaled_text_size(size), True).horizontalAdvance(text) <= self.content_width

    def write_main_number(self, text: str, size: float) -> None:
        """Write the slip's main number, as large as `size` and the width allow, in a box as high as its capitals."""
        dots = self.scaled_text_size(size)
        while (ink := self._font_metrics(dots, True).tightBoundingRect(text)).width() > self.content_width:
            dots -= 2
        self.y -= ink.top()
        self._add_text(text, dots, True, self.width / 2 - ink.center().x(), self.y)
        self.y += max(0.0, ink.bottom())

    def draw_paragraph(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        leading: float = 1.45,
        column: tuple[float, float] | None = None,
    ) -> None:
        """Write `text` from the left margin, or within `column` (left edge, width)."""
        left, width = column or (self.margin, self.content_width)
        dots = self.scaled_text_size(size)
        metrics = self._font_metrics(dots, bold)
        for line in wrap_at_clauses_or_evenly(text, metrics.horizontalAdvance, width):
            ink = metrics.tightBoundingRect(line)
            self._add_text(line, dots, bold, left - ink.left(), self._baseline_y(dots, leading))
            self.y += dots * leading

    def draw_label_and_value(
        self, label: str, value: str, *, size: float = 46, arrow: str | None = None, also: str = ""
    ) -> None:
        """Write `label` at the left and `value` bold at the right, below it when both don't fit in one line. `arrow`
        ("left", …) is drawn before the value, `also` small after the label: the same in a second language."""
        label_dots, dots = self.scaled_text_size(32), self.scaled_text_size(size)
        label_metrics, metrics = self._font_metrics(label_dots, False), self._font_metrics(dots, True)
        arrow_room = dots * 1.25 if arrow else 0.0
        pitch, tight = self.scaled_dots(60), self.scaled_dots(48)
        room = self.content_width - label_metrics.horizontalAdvance(label) - self.scaled_dots(24) - arrow_room
        lines = [value]
        box = self._add_text_at_margin(label, label_dots, self._row_baseline(pitch))
        if also:
            also_dots = self.scaled_text_size(ALSO_LABEL)
            self._add_text(also, also_dots, False, box.right() + self.scaled_dots(12), self._row_baseline(pitch))
            room -= self.scaled_dots(12) + self._font_metrics(also_dots, False).horizontalAdvance(also)
        if metrics.horizontalAdvance(value) > room:
            lines = wrap_at_clauses_or_evenly(value, metrics.horizontalAdvance, self.content_width - arrow_room)
            self.y += tight
        for number, line in enumerate(lines):
            box = self._add_text_at_margin(line, dots, self._row_baseline(pitch), right=True, bold=True)
            if arrow and number == 0:
                self._add_arrow(box.left() - arrow_room, box.center().y(), dots, arrow)
            self.y += pitch if number == len(lines) - 1 else max(tight, dots * 1.3)

    def draw_at_right(self, text: str, size: float) -> None:
        """Write `text` at the right margin, in as many lines as it needs."""
        dots = self.scaled_text_size(size)
        for line in wrap_at_clauses_or_evenly(
            text, self._font_metrics(dots, False).horizontalAdvance, self.content_width
        ):
            self._add_text_at_margin(line, dots, self._baseline_y(dots, 1.4), right=True)
            self.y += dots * 1.4

    def draw_logo(self, image: QImage) -> None:
        """Draw the hall's logo in the middle, one dot of it per dot of the wide head."""
        share = min(self._scale, self.content_width / image.width())
        width, height = round(image.width() * share), round(image.height() * share)
        self.y = round(self.y)
        self._marks.append(LogoMark(QRectF((self.width - width) // 2, self.y, width, height), image))
        self.y += height

    def write_list_entry(self, text: str, size: float, *, number: int | None = None, also: str = "") -> None:
        """Write one entry of a list after a box to tick, or after its `number`; `also` smaller below it."""
        dots = self.scaled_text_size(size)
        leading = 42 / 27
        indent = self.scaled_dots(34) if number is None else self.scaled_dots(38)
        middle = self.y + dots * leading / 2
        if number is None:
            side = 2 * round(dots * 0.37)
            box = QRectF(self.margin, round(middle - side / 2), side, side)
            self._marks.append(TickBox(box, THINNEST_LINE))
        else:
            ink = self._font_metrics(dots, True).tightBoundingRect(str(number))
            self._add_text(str(number), dots, True, self.margin - ink.left(), self._baseline_y(dots, leading))
        column = (self.margin + indent, self.content_width - indent)
        self.draw_paragraph(text, size, leading=leading, column=column)
        if also:
            self.draw_paragraph(also, size * ALSO_SHARE, leading=1.35, column=column)

    def draw_at_both_ends(self, left: str, right: str, size: float) -> None:
        """Write two short texts at both ends of a line, or on two lines if they would meet."""
        dots = self.scaled_text_size(size)
        metrics = self._font_metrics(dots, False)
        meet = metrics.horizontalAdvance(left) + metrics.horizontalAdvance(right) + dots > self.content_width
        for line in wrapped_lines(left, metrics.horizontalAdvance, self.content_width) if meet else [left]:
            self._add_text_at_margin(line, dots, self._baseline_y(dots, 1.5))
            self.y += dots * 1.5 if meet else 0
        self._add_text_at_margin(right, dots, self._baseline_y(dots, 1.5), right=True)
        self.y += dots * 1.5

    def draw_centred_qr_code(self, text: str) -> None:
        """Draw the QR code of `text` in the middle."""
        matrix = qr_modules(text)
        across = len(matrix) + 2 * QUIET_MODULES
        module = min(7 if self.width == WIDE else 6, self.width // across)
        side, top = across * module, round(self.y)
        self._marks.append(QrCodeMark(QRectF((self.width - side) // 2, top, side, side), matrix, module))
        self.y = top + side

    def code(self, text: str, title: str, lines: Sequence[str]) -> None:
        """Draw the QR code of `text` with words beside it, or below it where the roll is narrow."""
        matrix = qr_modules(text)
        across = len(matrix) + 2 * QUIET_MODULES
        module = min(7 if self.width == WIDE else 6, self.width // across)
        side = across * module
        quiet = QUIET_MODULES * module
        left = max(0, self.margin - quiet)
        column = self.width - self.margin - left - side
        beside = column >= self.scaled_dots(250)
        if not beside:
            left = (self.width - side) // 2
        top = round(self.y)
        self._marks.append(QrCodeMark(QRectF(left, top, side, side), matrix, module))
        if not beside:
            self.y = top + side
            self.draw_centred(title, 28, bold=True, leading=1.45)
            for line in lines:
                self.draw_centred(line, 26, leading=1.45)
            return
        first = len(self._marks)
        self._write_words_beside_code(title, lines, (left + side, column))
        words_height = self.y - top
        air = max(self.scaled_dots(14), (side - words_height) / 2)
        self.y = top + max(side, words_height + 2 * air)
        self._move_words_down_from_mark(first, air)

    def _write_words_beside_code(self, title: str, lines: Iterable[str], column: tuple[float, float]) -> None:
        self.draw_paragraph(title, 28, bold=True, column=column)
        for line in lines:
            self.draw_paragraph(line, 26, column=column)

    def _move_words_down_from_mark(self, first: int, by: float) -> None:
        """Move the words written since mark `first` down."""
        for index, mark in enumerate(self._marks[first:], start=first):
            if isinstance(mark, TextMark):
                moved = mark.origin + QPointF(0, round(by))
                self._marks[index] = TextMark(mark.box.translated(0, round(by)), mark.text, moved, mark.size, mark.bold)

    def _add_text_at_margin(
        self, text: str, dots: int, baseline: float, *, right: bool = False, bold: bool = False
    ) -> QRectF:
        ink = self._font_metrics(dots, bold).tightBoundingRect(text)
        # Rounded down, so that no stroke reaches a dot into the margin.
        x = floor(self.width - self.margin - ink.right()) if right else self.margin - ink.left()
        return self._add_text(text, dots, bold, x, baseline)

    def _row_baseline(self, pitch: float) -> float:
        """One baseline for both ends of a row, whatever their sizes."""
        return self.y + (pitch + CAP_SHARE * self.scaled_text_size(42)) / 2

    def _add_arrow(self, left: float, middle: float, dots: int, direction: str) -> None:
        side = dots * 0.9
        self._marks.append(
            ArrowMark(QRectF(left, middle - side / 2, side, side), direction, max(3, round(dots * 0.11)))
        )

    def _add_text(self, text: str, dots: int, bold: bool, x: float, baseline: float) -> QRectF:
        shown = _without_joiners(text)
        origin = QPointF(round(x), round(baseline))
        ink = self._font_metrics(dots, bold).tightBoundingRect(shown).translated(origin)
        self._marks.append(TextMark(ink, shown, origin, dots, bold))
        return ink

    def _baseline_y(self, dots: int, leading: float) -> float:
        return self.y + dots * (leading + CAP_SHARE) / 2

    @staticmethod
    def _font_metrics(dots: int, bold: bool) -> QFontMetricsF:
        return QFontMetricsF(slip_font(dots, bold=bold))
