"""Signs one person in at a guide's or manager's station: a page of names, and a PIN or password where there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import feature_stations_by_name
from queuedesk.core.network.roles import HALL, PASSWORD, PIN, Actor
from queuedesk.core.setup.rows import StaffMember
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.queue import opening
from queuedesk.i18n import (
    _,
    date_for_staff,
    error_sentence,
    name_in_language,
    role_word,
    time_hm,
    wording_in_current_language,
)
from queuedesk.stations.talk import TalkController, TalkPresenter
from queuedesk.stations.widgets import buttons, paint, panels, topbar
from queuedesk.stations.widgets.lists.tiles import TileButton
from queuedesk.stations.widgets.questions.dialogs import REPEATS, ErrorLine, FormField
from queuedesk.stations.window.away import show_or_clear_hall_away_message
from queuedesk.stations.window.context import LONGEST_PIN, SHORTEST_PIN, SingleCommandRunner, StationContext
from queuedesk.stations.window.frame import StationPage
from queuedesk.stations.window.style import XXL, Look, M


class SignInController(SingleCommandRunner):
    """`signed_in` carries the Actor; `pin_wanted` the code of a person who has to give a secret, and which."""

    signed_in = Signal(object)
    signed_out = Signal()
    pin_wanted = Signal(str, str)

    def __init__(self, context: StationContext, roles: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._roles = roles
        self._proven: Actor | None = None

    def people_who_may_sign_in(self) -> list[StaffMember]:
        """Return who may work here: the station's own role first, each role in the set-up's order."""
        staff = self.context.feed.setup.staff.values()
        return [person for role in self._roles for person in staff if person.role == role]

    def person_signed_in_before(self) -> Actor | None:
        """Return the person who was here before this window opened, by the log; None for nobody."""
        return self._signed_in_actor_at(self.context.own_name)

    def actor_still_signed_in(self) -> Actor | None:
        """Return the same if they need not sign in again; None at a manager's station for a person with a PIN."""
        who = self.person_signed_in_before()
        if who is not None and self.context.name.startswith(opening.MANAGERS):
            return None if opening.needs_pin_or_password(self.context.desk, who.name) else who
        return who

    def _signed_in_actor_at(self, name: str) -> Actor | None:
        state, setup = self.context.feed.state, self.context.feed.setup
        person = setup.staff.get(state.signed_in.get(name, ""))
        return Actor(person.code, person.role) if person and person.role in self._roles else None

    def choose_person(self, code: str) -> None:
        desk, ask = self.context.desk, self.context.new_ask(HALL)

        def signed_in_actor_or_needed_secret() -> Actor | str:
            return opening.needed_secret_kind(desk, code) or self._prove_sign_in_and_give_actor(ask, code, None)

        def emit_pin_or_signed_in(found: Actor | str) -> None:
            if isinstance(found, str):
                self.pin_wanted.emit(code, found)
            else:
                self.signed_in.emit(found)

        self.start_unless_busy("sign-in", signed_in_actor_or_needed_secret, emit_pin_or_signed_in)

    def prove_by_pin(self, code: str, pin: str) -> None:
        ask = self.context.new_ask(HALL)

        def emit_signed_in(who: Actor) -> None:
            self.signed_in.emit(who)

        self.start_unless_busy("sign-in", lambda: self._prove_sign_in_and_give_actor(ask, code, pin), emit_signed_in)

    def move_sign_in_to_renamed_station(self, before: StationContext) -> None:
        """Sign in who was signed in under this station's former name, without a PIN, and sign them out there. `before`
        is the state of the previous window. Nobody is signed in if its log is another one, or the person is no longer
        signed in there."""
        desk, now, who = self.context.desk, before.feed.state.now, self._signed_in_actor_at(before.own_name)
        if who is None or before.who is None or before.who.name != who.name:
            return
        ask, leave = self.context.new_ask(who), self.context.new_ask(who)
        name, former = self.context.own_name, before.own_name

        def sign_in_here_out_at_former() -> Actor | None:
            if not looking.is_log_continuing_from(desk, now):
                return None
            opening.sign_in(desk, ask, name, who.name)
            with suppress(RuleError):  # They have gone there a moment ago.
                opening.sign_out_at_station(desk, leave, former)
            return who

        def emit_signed_in(who: Actor | None) -> None:
            if who is not None:
                self.signed_in.emit(who)

        self.start_unless_busy("sign-in", sign_in_here_out_at_former, emit_signed_in)

    def is_still_staff_with_role(self, who: Actor) -> bool:
        """Whether a log of this hall that took the place of the one before still has that person, with that role."""
        person = self.context.feed.setup.staff.get(who.name)
        return person is not None and person.role is who.role and person.role in self._roles

    def sign_in_again_after_restore(self, who: Actor) -> None:
        """Sign the current person in again, without a PIN, after a restored log has lost their sign-in."""
        desk, ask, name = self.context.desk, self.context.new_ask(who), self.context.own_name
        self.start_unless_busy("sign-in", lambda: opening.sign_in(desk, ask, name, who.name))

    def sign_out(self, who: Actor) -> None:
        """Note that nobody is here any more."""
        desk, ask, name = self.context.desk, self.context.new_ask(who), self.context.own_name

        def emit_signed_out(_document: object) -> None:
            self.signed_out.emit()

        self.start_unless_busy("sign-out", lambda: opening.sign_out_at_station(desk, ask, name), emit_signed_out)

    def _prove_sign_in_and_give_actor(self, ask: Ask, code: str, pin: str | None) -> Actor:
        """Sign in by `ask`, which is of whoever `code` proves to be."""
        context = self.context
        who = self._proven = opening.require_and_get_proven_actor(context.desk, code, pin=pin, now=ask.now)
        opening.sign_in(context.desk, replace(ask, who=who), context.own_name, code)
        return who

    def _on_refused(self, verb: str, trouble: QueueDeskError) -> None:
        super()._on_refused(verb, trouble)
        if trouble.code == "clock_ahead" and (who := self._proven) is not None:
            self.context.confirm_clock(trouble, who, lambda: self._sign_in_proven_person(who))

    def _sign_in_proven_person(self, who: Actor) -> None:
        """Sign in who has proven it, now that the day is certain."""
        desk, ask, name = self.context.desk, self.context.new_ask(who), self.context.own_name

        def emit_signed_in(_document: object) -> None:
            self.signed_in.emit(who)

        self.start_unless_busy("sign-in", lambda: opening.sign_in(desk, ask, name, who.name), emit_signed_in)


# -- people to touch -----------------------------------------------------------------------------------------------

MOST_IN_ROW = 3
GAP = 16  # drawn px between two tiles
HIGH_PX, ROWS_OF_HIGH = 176, 2  # tiles fill more of a page that few of them would leave empty
ONE_LINE_PX, TWO_LINES_PX, SMALLEST_PX = 28, 22, 15
LEADING = 1.25


class PersonTile(TileButton):
    """A person's name in full, with the role below; pressing it signs in."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, width=400, height=132, parent=parent)
        self._name = self._role = self._key = ""

    def set_person(self, name: str, role_name: str) -> None:
        self._name, self._role = name, role_name
        self.setText(name)
        self.setAccessibleName(f"{name}, {role_name}")
        self.update()

    def set_key(self, key: str) -> None:
        """Show the key that does the same; "" for none."""
        self._key = key
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        self.paint_background(painter)
        side, pad = _badge_width(look), look.gap(20)
        fill = "soft" if self.isEnabled() else "line"
        badge = QRectF(pad, round((self.height() - side) / 2), side, side)
        painter.draw_badge(badge, self._name[:1], token=self.ink_token("primary"), fill=fill)
        left, room = pad + side + look.gap(18), _name_room_px(look, self.width())
        lines, px = _name_lines_and_px(look, self._name, room)
        high, low = look.px(px * LEADING), look.px(M * 1.5)
        top = (self.height() - high * len(lines) - low) / 2
        for place, words in enumerate(lines):
            line = QRectF(left, top + high * place, room, high)
            painter.draw_words_and_give_end_x(words, look.font(px, bold=True), self.ink_token(), line)
        below = QRectF(left, top + high * len(lines), room, low)
        painter.draw_words_and_give_end_x(
            self._role, paint.squeezed_font(look, self._role, M, room), self.ink_token("ink2"), below
        )
        if self._key and self.isEnabled():
            style = paint.KeyCapStyle()
            size = paint.key_cap_size(look, self._key, style)
            corner = QPointF(self.width() - size.width() - look.gap(8), look.gap(8))
            painter.draw_key_cap(QRectF(corner, size), self._key, style)


def arrange_tiles_in_grid(grid: QGridLayout, tiles: Sequence[QWidget], columns: int) -> None:
    """Place `tiles` in rows of `columns` equal cells at the top of `grid`."""
    for tile in tiles:
        grid.removeWidget(tile)
    for place, tile in enumerate(tiles):
        grid.addWidget(tile, place // columns, place % columns)
    for column in range(max(columns, grid.columnCount())):
        grid.setColumnStretch(column, 1 if column < columns else 0)
    rows = -(-len(tiles) // columns)
    for row in range(max(rows + 1, grid.rowCount())):
        grid.setRowStretch(row, 1 if row == rows else 0)


def tile_columns_that_fit(look: Look, names: Sequence[str], width: int) -> int:
    """Return how many tiles fit side by side in `width` px so that each name is complete in two lines of good size."""
    for columns in range(MOST_IN_ROW, 1, -1):
        room = _name_room_px(look, (width - look.gap(GAP) * (columns + 1)) // columns)
        if all(_name_fits_uncut(look, name, room) for name in names):
            return columns
    return 1


def _name_fits_uncut(look: Look, name: str, room: int) -> bool:
    lines, px = _name_lines_and_px(look, name, room)
    return px >= TWO_LINES_PX and "".join(lines).replace(" ", "") == name.replace(" ", "")


def _name_lines_and_px(look: Look, name: str, room: int) -> tuple[list[str], float]:
    """Return a name in one line or two, as large as fits, with the font size in drawn px."""
    px: float
    for px in (ONE_LINE_PX, TWO_LINES_PX):
        lines = paint.wrapped_lines(look.font(px, bold=True), name, room, 1 if px == ONE_LINE_PX else 2)
        if "".join(lines).replace(" ", "") == name.replace(" ", ""):
            return lines, px
    longest = max(name.split() or [name], key=len)
    smallest = look.px(SMALLEST_PX)
    px = paint.largest_fitting_px(longest, room, look.px(TWO_LINES_PX), bold=True, least=smallest) / look.scale.k
    return paint.wrapped_lines(look.font(px, bold=True), name, room, 2), px


def _badge_width(look: Look) -> int:
    return look.large_px(72)


def _name_room_px(look: Look, width: int) -> int:
    """Return the width that a tile of `width` px has for its name."""
    return max(1, width - _badge_width(look) - look.gap(20) - look.gap(18) - look.gap(16))


SIDE_PX, PAD_PX = 44, 620  # the tiles' own ground keeps another 4
DOT_PX, DOT_GAP_PX = 16, 14
PAD_KEY_PX, LEAST_KEY_PX = 64, 48
LONGEST_PASSWORD = 256


class PinDots(QWidget):
    """One dot for each digit given, so that nobody reads the PIN over a shoulder."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._count = look, 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def set_count(self, count: int) -> None:
        self._count = count
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px((DOT_PX + DOT_GAP_PX) * LONGEST_PIN), self._look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = paint.Painter(self, self._look), self._look.px
        shown = max(self._count, SHORTEST_PIN)
        for place in range(shown):
            spot = QRectF(place * px(DOT_PX + DOT_GAP_PX) + 1, px(12), px(DOT_PX), px(DOT_PX))
            painter.draw_box(spot, DOT_PX / 2, "ink" if place < self._count else "surface", edge="edge")


def secret_question(secret: str, name: str) -> tuple[str, str]:
    """Return the question for a person's PIN or password, and a hint."""
    if secret == PASSWORD:
        return _("{name}, your password", name=name), _("the same as for signing in to your PC")
    return _("{name}, your PIN", name=name), _("4 to 12 digits")


class PinPad(QWidget):
    """Digits as on a telephone; the keyboard's digits do the same. For a password there is a field in their place."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pin, self.secret = "", PIN
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(LONGEST_PASSWORD)
        self._field = FormField(look, _("Password"), edit=self.password, has_line=False)
        self.dots = PinDots(look)
        self.enter = buttons.PrimaryButton(look, height=PAD_KEY_PX, px=20)
        self.back = buttons.SecondaryButton(look, _("Back"), height=PAD_KEY_PX, px=20)
        self.delete = buttons.SecondaryButton(look, icon="backspace", height=PAD_KEY_PX, px=20)
        self.delete.setAccessibleName(_("Delete"))
        self.delete.setProperty(REPEATS, True)
        self.delete.clicked.connect(self.delete_last_digit)
        grid = QGridLayout()
        panels.set_scaled_margins(look, grid, spacing=10)
        self.digits: dict[str, buttons.SecondaryButton] = {}
        for place, digit in enumerate("123456789"):
            grid.addWidget(self._new_digit_button(look, digit), place // 3, place % 3)
        grid.addWidget(self.back, 3, 0)
        grid.addWidget(self._new_digit_button(look, "0"), 3, 1)
        grid.addWidget(self.delete, 3, 2)
        grid.addWidget(self.enter, 4, 0, 1, 3)
        column = QVBoxLayout(self)
        panels.set_scaled_margins(look, column, (0, 8, 0, 0), 16)
        column.addWidget(self.dots)
        column.addWidget(self._field)
        column.addLayout(grid)
        column.addStretch(1)
        self._look = look
        look.changed.connect(self._set_key_heights)
        self._set_key_heights()
        self.password.textChanged.connect(self._set_pin_and_enter_button)
        self.ask_for_secret(PIN)

    def ask_for_secret(self, secret: str) -> None:
        """Ask anew for a PIN or a password."""
        self.secret = secret
        self._field.setVisible(secret == PASSWORD)
        for widget in (self.dots, self.delete, *self.digits.values()):
            widget.setVisible(secret != PASSWORD)
        self.clear()
        if secret == PASSWORD:
            self.password.setFocus()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; return whether it meant anything."""
        digit = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.enter.click()
        elif self.secret == PIN and len(digit) == 1 and digit in "0123456789":
            self.add_digit(digit)
        elif self.secret == PIN and event.key() == Qt.Key.Key_Backspace:
            self.delete_last_digit()
        else:
            return False
        return True

    def _set_key_heights(self) -> None:
        """Let the keys grow less than their letters, and give up some height: five of them stand above each other."""
        for button in (*self.digits.values(), self.back, self.delete, self.enter):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            button.setMinimumHeight(self._look.large_px(LEAST_KEY_PX))
            button.setMaximumHeight(self._look.large_px(PAD_KEY_PX))

    def add_digit(self, digit: str) -> None:
        if len(self.pin) < LONGEST_PIN:
            self._set_pin_and_enter_button(self.pin + digit)

    def delete_last_digit(self) -> None:
        self._set_pin_and_enter_button(self.pin[:-1])

    def clear(self) -> None:
        self.restore_pin("")

    def restore_pin(self, pin: str) -> None:
        self.password.setText(pin if self.secret == PASSWORD else "")
        self._set_pin_and_enter_button(pin)

    def _new_digit_button(self, look: Look, digit: str) -> buttons.SecondaryButton:
        button = buttons.SecondaryButton(look, digit, height=PAD_KEY_PX, px=24)
        button.setProperty(REPEATS, True)
        button.clicked.connect(self._add_pressed_digit)
        self.digits[digit] = button
        return button

    def _add_pressed_digit(self) -> None:
        button = self.sender()
        self.add_digit(next(digit for digit, known in self.digits.items() if known is button))

    def _set_pin_and_enter_button(self, pin: str) -> None:
        self.pin = pin
        self.dots.set_count(len(pin))
        if len(pin) >= (1 if self.secret == PASSWORD else SHORTEST_PIN):
            self.enter.enable_with_label(_("Sign in"))
        else:
            self.enter.disable_with_reason(_("Enter the password") if self.secret == PASSWORD else _("Enter the PIN"))


class SignInLayout(QVBoxLayout):
    """The question in the middle of a stage, with tiles or the pad, and the place that it takes."""

    def __init__(self, look: Look, pad_look: Look | None = None) -> None:
        super().__init__()
        self._look = look
        self.title, self.line = panels.Label(look, px=XXL, bold=True), ErrorLine(look)
        self.pad = PinPad(pad_look or look)
        self.choices = QWidget()
        self.grid = QGridLayout(self.choices)
        panels.set_scaled_margins(look, self.grid, (4, 4, 4, 4), GAP)
        self._area = panels.VerticalScrollArea(self.choices)
        self.head = QHBoxLayout()
        self.head.addWidget(self.title, 1)
        panels.set_scaled_margins(look, self, (SIDE_PX, 40, SIDE_PX, 32), 12)
        self.addStretch(1)
        self.addLayout(self.head)
        self.addWidget(self.line)
        self.addWidget(self._area, 1000)
        self.addWidget(self.pad)
        self.addStretch(2)
        self.pad.hide()  # the tiles are not shown here: without a parent they would be a window of their own

    def show_pin_pad(self, asks: bool) -> None:
        self._area.setVisible(not asks)
        self.pad.setVisible(asks)

    def arrange_tiles(self, tiles: Sequence[QWidget], most: int, width: int) -> None:
        """Place the tiles in a stage of `width` px, in which `most` fit beside each other, in rows of even length."""
        look = self._look
        gap, full = look.gap(GAP), width - 2 * look.gap(SIDE_PX)
        rows = -(-len(tiles) // most)
        columns = -(-len(tiles) // rows) if tiles else most
        high = look.px(HIGH_PX) if rows <= ROWS_OF_HIGH and not look.scale.is_text_large else 0
        for tile in tiles:
            tile.setMinimumHeight(high if isinstance(tile, PersonTile) else 0)
        arrange_tiles_in_grid(self.grid, tiles, columns)
        for tile in tiles:  # a layout counts only tiles that are not hidden, and a new one is until the next event
            tile.show()
        self._area.setMaximumHeight(self.choices.sizeHint().height())
        wide = (full + gap) // most * columns - gap if self.pad.isHidden() else look.large_px(PAD_PX)
        side = (width - min(full, max(wide, self.head.sizeHint().width()))) // 2
        self.setContentsMargins(side, look.gap(40), side, look.gap(32))
        for layout in (self, self.grid):  # so that a touch before the next drawing finds its tile
            layout.activate()


class SignInView(StationPage):
    """Names first; then, for a person with a PIN, the pad."""

    def __init__(
        self,
        context: StationContext,
        controller: SignInController,
        title: str,
        parent: QWidget | None = None,
        *,
        why: str = "",
    ) -> None:
        """`why` says why whoever was here has to sign in again."""
        super().__init__(context, parent)
        self._controller, self._station, self._why = controller, title, why
        self._code = ""
        self._trouble: QueueDeskError | None = None
        look = context.look
        self.bar = topbar.TopBar(look)
        self.bar.set_more_button_name(_("More"))
        self.bar.menu_wanted.connect(self.menu_wanted)
        self.tiles: dict[str, PersonTile] = {}
        self._nobody = panels.EmptyState(look, "person")
        stage = panels.Panel(look)
        self._block = SignInLayout(look)
        stage.setLayout(self._block)
        self.pad = self._block.pad
        self.pad.enter.clicked.connect(self._prove_entered_pin)
        self.pad.back.clicked.connect(self.show_people_to_choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.messages.attach_over_bar(self.bar, self.bar.free_middle_rect)
        # Who has not said yet who they are is told of an emergency all the same, and of nothing else.
        self._talking = TalkPresenter(self, TalkController(context, lambda: ""))
        column.addWidget(self.bar)
        column.addWidget(stage, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # A PIN may have the same digit twice, on the number pad too.
        self.setProperty(REPEATS, True)
        controller.pin_wanted.connect(self.show_pin_pad)
        controller.refused.connect(self._take_refusal)
        controller.busy_changed.connect(self._block.choices.setDisabled)
        controller.busy_changed.connect(self.pad.enter.set_busy)
        context.feed.changed.connect(self._refresh_on_set_up_change)
        context.feed.replaced.connect(self.refresh)
        look.changed.connect(self._arrange_tiles)
        self.refresh()

    def state_to_restore(self) -> tuple[str, str, QueueDeskError | None, str]:
        return self._code, self.pad.secret, self._trouble, self.pad.pin

    def restore_state(self, left: tuple[str, str, QueueDeskError | None, str]) -> None:
        code, secret, trouble, pin = left
        if code:
            self.show_pin_pad(code, secret)
        if trouble is not None:
            self._show_trouble_and_clear_pin(trouble)
        self.pad.restore_pin(pin)

    def refresh(self) -> None:
        """Show whose names there are in the hall now."""
        setup = self.context.feed.setup
        self.bar.set_title_and_hall(self._station_name(), name_in_language(setup.hall.name, setup.hall.name_en))
        self._rebuild_people_tiles()
        self._talking.refresh()
        self._show_title_and_hint()

    def tick(self, now: datetime) -> None:
        local = self.context.feed.setup.to_hall_time(now)
        self.bar.set_items([topbar.TopBarFact(date_for_staff(local.date()))])
        self.bar.set_clock(time_hm(local))

    def page_openers(self) -> Mapping[str, Callable[[], None]]:
        """Raise RuleError "who_are_you": the station has pages for whoever is signed in."""
        raise RuleError("who_are_you")

    def show_hall_away(self, since: datetime | None) -> None:
        show_or_clear_hall_away_message(self.messages, self.context.feed, since)

    def show_people_to_choose(self) -> None:
        self._code, self._trouble = "", None
        self.pad.clear()
        self._block.show_pin_pad(False)
        self._show_title_and_hint()

    def show_pin_pad(self, code: str, secret: str = PIN) -> None:
        self._code, self._trouble = code, None
        self._block.show_pin_pad(True)
        self.setFocus()
        self.pad.ask_for_secret(secret)
        self._show_title_and_hint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if not self._code and digit.isdecimal() and 0 < int(digit) <= min(9, len(self.tiles)):
            list(self.tiles.values())[int(digit) - 1].click()
        elif not self._code:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.show_people_to_choose()
        else:
            self.pad.handle_key(event)

    def trouble_text(self) -> str:
        return error_sentence(self._trouble) if self._trouble else ""

    def _station_name(self) -> str:
        names = {"guide": _("Front desk"), "manager": _("Duty manager")}
        at = feature_stations_by_name().get(self._station)
        return wording_in_current_language(at.title) if at is not None else names.get(self._station, self._station)

    def _rebuild_people_tiles(self) -> None:
        people = self._controller.people_who_may_sign_in()
        for tile in self.tiles.values():
            self._block.grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._block.grid.removeWidget(self._nobody)
        self.tiles = {person.code: self._new_person_tile(person) for person in people}
        for place, tile in enumerate(self.tiles.values(), start=1):
            tile.set_key(str(place) if place <= 9 else "")
        self._nobody.setVisible(not people)
        if not people:
            self._nobody.set_texts(
                _("Nobody in this hall has this role yet."), _("A manager can add people under Set-up, Staff.")
            )
            self._block.grid.addWidget(self._nobody, 0, 0)

    def _arrange_tiles(self) -> None:
        look, tiles = self.context.look, list(self.tiles.values())
        names = [tile.text() for tile in tiles]
        most = tile_columns_that_fit(look, names, self.width() - 2 * look.gap(SIDE_PX))
        self._block.arrange_tiles(tiles, most, self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_tiles()

    def _new_person_tile(self, person: StaffMember) -> PersonTile:
        tile = PersonTile(self.context.look)
        tile.set_person(name_in_language(person.name, person.name_en), role_word(str(person.role)))
        tile.setObjectName(person.code)
        tile.clicked.connect(self._choose_pressed_person)
        return tile

    def _choose_pressed_person(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._trouble = None
            self._controller.choose_person(sender.objectName())

    def _prove_entered_pin(self) -> None:
        self._controller.prove_by_pin(self._code, self.pad.pin)

    def _take_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self._show_trouble_and_clear_pin(trouble)

    def _show_trouble_and_clear_pin(self, trouble: QueueDeskError) -> None:
        self._trouble = trouble
        self.pad.clear()
        self._show_title_and_hint()

    def _show_title_and_hint(self) -> None:
        person = self.context.feed.setup.staff.get(self._code)
        if person is None:
            self._block.title.setText(_("Who is at this station?"))
            hint = _("Touch your name. You stay signed in until you sign out or the day ends.")
        else:
            title, hint = secret_question(self.pad.secret, name_in_language(person.name, person.name_en))
            self._block.title.setText(title)
        trouble = self.trouble_text()
        self._block.line.show_message(trouble or self._why or hint, refused=bool(trouble or self._why))
        self._arrange_tiles()

    def _refresh_on_set_up_change(self, events: list[object]) -> None:
        if any(getattr(event, "kind", "") == "set-up" for event in events):
            self.refresh()
