"""The kiosk's keys: large enough for a finger, never faded, with every state in shape and words."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.panels import TextRun, paint_text_runs, text_runs_width
from queuedesk.stations.widgets.questions.dialogs import REPEATS
from queuedesk.stations.window.style import FINGER_MM, Look, font_of_size

LEAST_PX = 36  # no text on a kiosk is smaller
EDGE_PX, LARGE_EDGE_PX = 2.0, 4.0
NAME_PX, WIDE_NAME_PX, LARGE_NAME_PX = 59.0, 52.0, 104.0
TALL_NAME_PX, TALL = 72.0, 300.0
LOW = 96.0
CLAUSE_ENDS = frozenset(",;，；、")
PART_ENDS = CLAUSE_ENDS | frozenset(":：")
TIGHT = 10.0
LEAST_NAME_PX, LEAST_LARGE_PX = 44.0, 68.0
NARROW, NARROW_LARGE = 700.0, 800.0
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class KioskKey(PaintedButton):
    """The base of every key. A dashed key can still be pressed: it then says why not and what to do instead."""

    radius = 19.0

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.is_dashed = self.is_chosen = False
        self.edge_px = EDGE_PX
        # Canvas px are its unit: for painting that is scaled as a whole.
        self.unit = Look(look.theme, parent=self)
        self.hide()  # until it has its place

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(224), self.look.px(132))

    def nextCheckState(self) -> None:
        """Keep the state: a press only asks, and the next texts show what is chosen."""

    def show_chosen_state(self, *, toggles: bool, chosen: bool) -> None:
        """Show, also to a screen reader, whether this is chosen, if it can be."""
        self.is_chosen = chosen
        self.setCheckable(toggles)
        self.setChecked(chosen)

    def ink_token(self, token: str = "ink") -> str:
        """Return `token`, or the token of words on an unavailable key."""
        if self.is_dashed:
            return "ink2" if token in ("ink", "primary") else token
        return "on_soft" if self.isDown() and token == "ink" else token

    def scale_painter_and_give_key_size(self, painter: paint.Painter) -> tuple[float, float]:
        """Let `painter` paint in canvas px; return the key's size in them."""
        k = self.look.scale.k
        self.unit.set_theme(self.look.theme)
        painter.scale(k, k)
        painter.look = self.unit
        return self.width() / k, self.height() / k

    def paint_background(self, painter: paint.Painter) -> None:
        rect = QRectF(self.rect())
        large = self.edge_px > EDGE_PX
        if self.is_dashed:
            painter.draw_box(rect, self.radius, "sunken", edge="edge", width=self.edge_px, dashed=True)
        elif self.is_chosen:
            painter.draw_box(rect, self.radius, "soft", edge="primary", width=5)
        else:
            fill = "soft" if self.isDown() else "surface"
            painter.draw_box(rect, self.radius, fill, edge="ink" if large else "edge", width=self.edge_px)


class PlainKeyText(Struct, frozen=True, kw_only=True):
    """A plain key's text: one or two lines of words, an icon, a grey word after them; `name` is what is read out."""

    words: str
    icon: str = ""
    second: str = ""
    name: str = ""
    toggles: bool = False
    chosen: bool = False
    dashed: bool = False


class PlainKey(KioskKey):
    """A key with an icon and words in the middle; `filled` is the one that leads on."""

    def __init__(self, look: Look, *, px: float = 43, filled: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.full_px, self._filled = px, filled
        self._px, self._is_even = px, False
        self._said = PlainKeyText(words="")

    def set_key(self, said: PlainKeyText) -> None:
        """Say something else."""
        if said == self._said:
            return
        self._said = said
        self.is_dashed = said.dashed
        self.show_chosen_state(toggles=said.toggles, chosen=said.chosen)
        self.setText(said.words)
        self.setAccessibleName(said.name or f"{said.words} {said.second}".strip())
        self.update()

    def set_font_px(self, px: float, *, even: bool) -> None:
        """Set the size of its words; `even` says that they keep it, in two lines if need be, as others beside it do."""
        if (px, even) != (self._px, self._is_even):
            self._px, self._is_even = px, even
            self.update()

    def do_words_fit(self, px: float, most: int = 2) -> bool:
        """Whether its words are whole at a size, beside the icon and in at most so many lines."""
        wide, high = self.width() / self.look.scale.k, self.height() / self.look.scale.k
        lines = self._lines_that_fit(px, wide - min(44.0, wide * 0.24))
        return 0 < len(lines) <= most and (len(lines) == 1 or high >= max(LOW, 2.4 * px))

    def _lines_that_fit(self, px: float, room: float) -> list[str]:
        font, words = font_of_size(px, bold=True), self._said.words
        room -= px * 1.05 + 18 if self._said.icon else 0
        if paint.width_of_text(font, words) <= room:
            return [words]
        lines = _two_lines_at_clause(font, words, room) or (
            paint.wrapped_lines(font, words, room, 2) if " " in words else []
        )
        return lines if not any(line.endswith("…") for line in lines) else []

    def _icon_if_it_fits(self, room: float) -> str:
        """Return the icon, "" where it would push a word out of `room` canvas px: words come first."""
        words = self._said.words
        parts = words.split() if words.isascii() else [words]
        widest = max((paint.width_of_text(font_of_size(LEAST_PX, bold=True), part) for part in parts), default=0.0)
        return self._said.icon if not words or widest <= room else ""

    def allow_fast_presses(self) -> PlainKey:
        """Allow fast presses, as on the keys of a pad."""
        self.setProperty(REPEATS, True)
        return self

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = paint.Painter(self, self.look), self.look, self._said
        filled = self._filled and not self.is_dashed
        if filled:
            painter.draw_box(QRectF(self.rect()), self.radius, "press" if self.isDown() else "primary")
        else:
            self.paint_background(painter)
        ink = "on_primary" if filled else "on_soft" if self.is_chosen else self.ink_token()
        k = look.scale.k
        icon_px = icon_full = self._px * 1.05 if said.icon else 0.0
        room = full = self.width() / k - min(44.0, self.width() / k * 0.24)
        second = look.font(LEAST_PX)
        beside = paint.width_of_text(second, said.second) / k + 18 if said.second else 0.0
        icon = self._icon_if_it_fits(room - icon_px - 18 - beside)
        if icon and said.words and self.height() / k < LOW:  # no room for two lines beside it
            one = paint.width_of_text(font_of_size(LEAST_PX, bold=True), said.words) <= room - icon_px - 18 - beside
            icon = icon if one else ""
        icon_px = icon_px if icon else 0.0
        room -= icon_px + 18 if icon else 0
        px = paint.largest_fitting_px(said.words, room - beside, self._px, bold=True, least=LEAST_PX)
        if self._is_even and self.do_words_fit(self._px):
            icon, icon_px, px = said.icon, icon_full, self._px
            room = full - (icon_px + 18 if icon else 0)
        font = look.font(px, bold=True)
        lines = paint.wrapped_lines(font, said.words, (room - beside) * k, 2)
        if lines[-1].endswith("…"):  # every word is worth more than the icon and the air at the sides
            icon, icon_px, room = "", 0.0, self.width() / k - TIGHT
            lines = paint.wrapped_lines(font, said.words, (room - beside) * k, 2)
        if len(lines) > 1:
            lines = _two_lines_at_clause(font, said.words, (room - beside) * k) or lines
        wide = max(paint.width_of_text(font, line) for line in lines)
        used = wide + beside * k + (icon_px + 18 if icon else 0) * k
        if not said.words:
            used = icon_px * k
        x, middle = (self.width() - used) / 2, self.height() / 2
        if icon:
            painter.draw_icon(icon, ink, x, middle - icon_px * k / 2, icon_px)
            x += (icon_px + 18) * k
        high = px * 1.18 * k
        top = middle - high * len(lines) / 2
        align = _CENTRE if not icon else Qt.AlignmentFlag.AlignLeft
        for line in lines:
            painter.draw_words_and_give_end_x(line, font, ink, QRectF(x, top, wide + 1, high), align)
            top += high
        if said.second:
            rect = QRectF(x + wide + 18 * k, 0, beside * k, self.height())
            painter.draw_words_and_give_end_x(
                said.second, second, "on_primary" if filled else self.ink_token("ink2"), rect
            )


def set_common_text_size(keys: Sequence[PlainKey]) -> None:
    """Give keys that stand together one size of words: the largest at which those of all are whole beside their icons,
    in one line if that is possible, else the least."""
    sizes = range(round(min((key.full_px for key in keys), default=LEAST_PX)), LEAST_PX - 1, -1)
    fitting = (px for lines in (1, 2) for px in sizes if all(key.do_words_fit(px, lines) for key in keys))
    px = next(fitting, LEAST_PX)
    for key in keys:
        key.set_font_px(px, even=True)


class ServiceText(Struct, frozen=True, kw_only=True):
    """The text of a service's or group's key. `figures` are shown if they fit, else `short`; `instead` replaces them
    when no ticket is available; `order` is its place among several chosen."""

    name: str
    letter: str = ""
    about: str = ""
    figures: tuple[TextRun, ...] = ()
    short: tuple[TextRun, ...] = ()
    instead: str = ""
    note: str = ""
    order: int = 0
    toggles: bool = False
    chosen: bool = False
    spoken: str = ""


class _ServiceKeyText(Struct, frozen=True):
    """A service's name as it fits its key; each row under it is a kind and its words, `low` a row's height."""

    px: float
    names: list[str]
    rows: list[tuple[str, str]]
    small_px: float
    low: float
    is_whole: bool
    """Whether no row had to be left out."""


class ServiceKey(KioskKey):
    """Letter, name, what it is for, how many wait and how long; one touch gives a ticket."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._said = ServiceText(name="")
        self.is_large = False
        self._name_px = NAME_PX

    def set_service(self, said: ServiceText, *, large: bool, name_px: float) -> None:
        """Show another text; its place stays. `name_px` is the size of all names beside it too."""
        if said == self._said and large == self.is_large and name_px == self._name_px:
            return
        self._said, self.is_large, self._name_px = said, large, name_px
        self.is_dashed = bool(said.instead)
        self.show_chosen_state(toggles=said.toggles, chosen=said.chosen)
        self.edge_px = LARGE_EDGE_PX if large else EDGE_PX
        self.setText(said.name)
        self.setAccessibleName(said.spoken or said.name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.Painter(self, self.look)
        self.paint_background(painter)
        width, height = self.scale_painter_and_give_key_size(painter)
        left, right = self._paint_ends_and_give_text_span(painter, width, height)
        said = self._said
        lines: list[tuple[str, str]] = []
        beside = 0.0
        if self.is_large:
            if said.instead:
                lines.append(("instead", said.instead))
        else:
            roomy = height >= 196
            if said.about and not said.instead and (roomy or width > 1000):
                lines.append(("about", said.about))
            if said.instead:
                lines.append(("instead", said.instead))
            elif said.figures and width > 1000 and not roomy:
                beside = self._paint_stacked_and_measure_width(painter, right, height)
            elif said.figures:
                lines.append(("figures", ""))
        self._paint_name_and_rows(painter, left, right - (beside + 28 if beside else 0), height, lines)

    @staticmethod
    def common_name_px(names: list[str], width: float, height: float, *, large: bool) -> float:
        """Return the one size at which most names fit a key `width` canvas px wide; a longer one takes two lines."""
        most, least = (LARGE_NAME_PX, LEAST_LARGE_PX) if large else (NAME_PX, LEAST_NAME_PX)
        if not large:
            most = TALL_NAME_PX if height >= TALL else WIDE_NAME_PX if width > 1000 else most
        narrow = _is_narrow(width, large=large)
        around = 28 + 104 + 20 + 28 if narrow else 42 + 168 + 46 + 42 + 92 if large else 42 + 132 + 34 + 42 + 76
        return min(
            (paint.largest_fitting_px(name, width - around, most, bold=True, least=least) for name in names),
            default=most,
        )

    def _paint_ends_and_give_text_span(
        self, painter: paint.Painter, width: float, height: float
    ) -> tuple[float, float]:
        """Paint the letter and what stands at the right end; return where the words begin and end."""
        said, large = self._said, self.is_large
        narrow = _is_narrow(width, large=large)
        pad = 28.0 if narrow else 42.0
        left = pad
        if said.letter:
            side = min(168.0 if large else 132.0, height - 56, 104.0 if narrow else 200.0)
            box = QRectF(pad, round((height - side) / 2), side, side)
            fill = "line" if self.is_dashed else "soft"
            token = "ink2" if self.is_dashed else "on_soft" if self.is_chosen or large else "primary"
            painter.draw_badge(box, said.letter, token=token, fill="surface" if self.is_chosen else fill)
            left += side + (20 if narrow else 34 if not large else 46)
        right = width - pad
        box = QRectF(right - 76, height / 2 - 38, 76, 76)
        if said.order:
            painter.draw_box(box, 38, "primary")
            painter.draw_words_and_give_end_x(
                str(said.order), painter.look.font(44, bold=True), "on_primary", box, _CENTRE
            )
            right -= 100
        elif said.toggles and not self.is_dashed:
            painter.draw_box(box, 38, "surface", edge="edge", width=3)  # chosen or not: nothing opens here
            right -= 100
        elif not self.is_dashed and not narrow:
            px = 64 if large else 48
            painter.draw_icon("arrow-right", "ink" if large else "primary", right - px, height / 2 - px / 2, px)
            right -= px + 28
        return left, right

    def _paint_name_and_rows(
        self, painter: paint.Painter, left: float, right: float, height: float, lines: list[tuple[str, str]]
    ) -> None:
        """Paint the name and what stands under it, in the middle of the key's height."""
        said, room = self._said, right - left
        small = painter.look.font(LEAST_PX)
        note = said.note if not said.instead else ""
        # Beside the figures where there is room, else below them.
        free = room - text_runs_width(painter.look, said.figures) - 40
        behind = note if ("figures", "") in lines and paint.width_of_text(small, note) <= free else ""
        if note and not behind:
            lines = [*lines, ("note", note)]
        fitted = self._key_text_that_fits(room, height, lines)
        px, names, rows, low = fitted.px, fitted.names, fitted.rows, fitted.low
        small = painter.look.font(fitted.small_px)
        y = (height - px * 1.22 * len(names) - low * len(rows)) / 2
        for name in names:
            painter.draw_words_and_give_end_x(
                name, font_of_size(px, bold=True), self.ink_token(), QRectF(left, y, room, px * 1.22)
            )
            y += px * 1.22
        for kind, words in rows:
            if kind == "figures":
                runs = said.figures if text_runs_width(painter.look, said.figures) <= room else said.short
                self._paint_figures(painter, left, paint.centred_baseline_y(painter.look.font(LEAST_PX), y, low), runs)
                end = left + text_runs_width(painter.look, said.figures) + 40
                painter.draw_words_and_give_end_x(behind, small, "amber", QRectF(end, y, room, low))
            else:
                token = "amber" if kind == "note" else self.ink_token("ink2")
                painter.draw_words_and_give_end_x(words, small, token, QRectF(left, y, room, low))
            y += low

    def _key_text_that_fits(self, room: float, height: float, lines: list[tuple[str, str]]) -> _ServiceKeyText:
        """Return what the key's height has room for. Before a large name becomes smaller than a usual one, what stands
        under it does, and a note is left out: a name that is hard to read is no use to whoever wants large text."""
        if not self.is_large:
            return self._text_at_size(LEAST_PX, 48.0, room, height, lines)
        bare = [line for line in lines if line[0] != "note"]
        found = (
            self._text_at_size(44, 58.0, room, height, lines),
            self._text_at_size(LEAST_PX, 48.0, room, height, lines),
            self._text_at_size(LEAST_PX, 48.0, room, height, bare),
        )
        least = min(self._name_px, NAME_PX)
        return next((one for one in found if one.is_whole and one.px >= least), found[-1])

    def _text_at_size(
        self, small_px: float, low: float, room: float, height: float, lines: list[tuple[str, str]]
    ) -> _ServiceKeyText:
        """Return name and rows with rows of that size: a name as large as there is room for."""
        small, said, px = font_of_size(small_px), self._said, self._name_px
        rows: list[tuple[str, str]] = []
        for kind, words in lines:
            parts = [words]
            if kind == "about":
                parts = [line] if (line := _clauses_text_that_fits_line(small, words, room)) else []
            elif kind in ("instead", "note"):
                parts = paint.wrapped_lines(small, words, room, 2)
            rows += [(kind, part) for part in parts]
        names = paint.wrapped_lines(font_of_size(px, bold=True), said.name, room, 2)
        wanted = len(rows)
        while len(rows) > 1 and self._are_rows_too_tall(px, names, rows, low, height):
            rows.pop(0 if rows[0][0] == "about" else -1)
        while px > LEAST_PX and (self._are_rows_too_tall(px, names, rows, low, height) or names[-1].endswith("…")):
            px = max(LEAST_PX, px - 2)
            names = paint.wrapped_lines(font_of_size(px, bold=True), said.name, room, 2)
        return _ServiceKeyText(px, names, rows, small_px, low, len(rows) == wanted)

    @staticmethod
    def _are_rows_too_tall(px: float, names: list[str], rows: list[tuple[str, str]], low: float, height: float) -> bool:
        return px * 1.2 * len(names) + low * len(rows) > height - 12

    def _paint_stacked_and_measure_width(self, painter: paint.Painter, right: float, height: float) -> float:
        """Paint people and minutes one over the other at the right end; return what they take."""
        dot = next((n for n, run in enumerate(self._said.figures) if run.text == "·"), len(self._said.figures))
        halves = [half for half in (self._said.figures[:dot], self._said.figures[dot + 1 :]) if half]
        halves = [(replace(half[0], gap=0), *half[1:]) for half in halves]
        baseline = height / 2 + 13 - 26 * (len(halves) - 1)
        for half in halves:
            self._paint_figures(painter, right - text_runs_width(painter.look, half), baseline, half)
            baseline += 52
        return max((text_runs_width(painter.look, half) for half in halves), default=0.0)

    def _paint_figures(self, painter: paint.Painter, x: float, baseline: float, runs: tuple[TextRun, ...]) -> None:
        inked = [TextRun(run.text, run.px, run.bold, self.ink_token(run.token), run.tabular, run.gap) for run in runs]
        paint_text_runs(painter, inked, x, baseline)


def _is_narrow(width: float, *, large: bool) -> bool:
    """Whether a service's key so wide gives its room to the name: a smaller letter, no arrow."""
    return width < (NARROW_LARGE if large else NARROW)


def _two_lines_at_clause(font: QFont, words: str, room: float) -> list[str]:
    """Return words in two lines that part after a comma or colon, nothing if that does not fit."""
    parts = [[words[: at + 1], words[at + 1 :].strip()] for at, sign in enumerate(words) if sign in PART_ENDS]
    fitting = [part for part in parts if all(paint.width_of_text(font, line) <= room for line in part)]
    return min(fitting, key=lambda part: abs(len(part[0]) - len(part[1])), default=[])


def _clauses_text_that_fits_line(font: QFont, about: str, room: float) -> str:
    """Return as many clauses of a description as one line has room for, "" where even the first is too long."""
    if paint.width_of_text(font, about) <= room:
        return about
    ends = [at for at, sign in enumerate(about) if sign in CLAUSE_ENDS]
    fitting = [about[:at] for at in ends if paint.width_of_text(font, about[:at]) <= room]
    return fitting[-1] if fitting else ""


class RowText(Struct, frozen=True, kw_only=True):
    """A row that can be opened: its name, with a grey word after it."""

    name: str
    letter: str = ""
    second: str = ""
    spoken: str = ""


class InformationRowKey(KioskKey):
    """A service or item to read about, or to search for."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._said = RowText(name="")

    def set_row(self, said: RowText) -> None:
        """Show another row."""
        if said == self._said:
            return
        self._said = said
        self.setText(said.name)
        self.setAccessibleName(said.spoken or f"{said.name} {said.second}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, said = paint.Painter(self, self.look), self._said
        self.paint_background(painter)
        width, height = self.scale_painter_and_give_key_size(painter)
        look = self.unit
        left, right = 30.0, width - 96
        if said.letter:
            side = min(80.0, height - 36)
            painter.draw_badge(QRectF(left, round((height - side) / 2), side, side), said.letter)
            left += side + 26
        painter.draw_icon("arrow-right", "primary", width - 74, height / 2 - 22, 44)
        small = look.font(LEAST_PX)
        taken = paint.width_of_text(small, said.second) if said.second else 0.0
        if taken and taken + paint.width_of_text(look.font(44, bold=True), said.name) + 30 > right - left:
            taken = 0.0
        room = right - left - (taken + 30 if taken else 0)
        px = paint.largest_fitting_px(said.name, room, 44, bold=True, least=LEAST_PX)
        font = look.font(px, bold=True)
        lines = paint.wrapped_lines(font, said.name, room, 2)
        y = height / 2 - px * 0.6 * len(lines)
        for line in lines:
            painter.draw_words_and_give_end_x(line, font, self.ink_token(), QRectF(left, y, room, px * 1.2))
            y += px * 1.2
        if taken:
            rect = QRectF(right - taken, 0, taken, height)
            painter.draw_words_and_give_end_x(said.second, small, "ink2", rect)


# -- sizes on the real screen ------------------------------------------------------------------------------------------

READ_AT_MM = 600
# Of EN 301 549, 5.1.4: a capital is seen under at least 0.7 degrees.
CAPITAL_MM = 0.7 * pi * READ_AT_MM / 180
# Inter's capitals, as a share of the font's size.
CAPITAL_EM = 0.7275
LEAST_KEY_PX = 76.0
# What the pages can take: beyond it they would no longer hold their words.
MOST = 1.3


class ScreenLegibility(Struct, frozen=True, kw_only=True):
    """What a screen offers: the smallest key and capital in mm, and the distance from which that capital can be
    read."""

    key_mm: float
    capital_mm: float
    read_at_mm: int

    @property
    def has_large_enough_keys_and_text(self) -> bool:
        """Whether a finger can hit every key, and letters can be read where people stand."""
        return self.key_mm >= FINGER_MM - 0.05 and self.capital_mm >= CAPITAL_MM - 0.05


def canvas_growth(mm_per_px: float) -> float:
    """Return the factor by which everything is enlarged if a px of the usual canvas is that many mm, 0 if unknown."""
    if mm_per_px <= 0:
        return 1.0
    wanted = max(CAPITAL_MM / (LEAST_PX * CAPITAL_EM * mm_per_px), FINGER_MM / (LEAST_KEY_PX * mm_per_px))
    return min(MOST, max(1.0, wanted))


def screen_legibility(mm_per_px: float) -> ScreenLegibility:
    """Return the reach if a canvas px, growth included, is that many mm."""
    capital = LEAST_PX * CAPITAL_EM * mm_per_px
    return ScreenLegibility(
        key_mm=LEAST_KEY_PX * mm_per_px, capital_mm=capital, read_at_mm=round(capital / CAPITAL_MM * READ_AT_MM)
    )
