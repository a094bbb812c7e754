"""Messages, help and emergencies at one staff station: what is told, the dialogs and the sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import load, used
from queuedesk.core.setup.sentences import Sentence
from queuedesk.core.talk.device import VOICE, calling_ways
from queuedesk.core.talk.messages import ALL, GUIDE, MANAGER, window_place
from queuedesk.i18n import _, named, say
from queuedesk.i18n.queue.line_words import REASONS, reason_words
from queuedesk.i18n.talk import place_words
from queuedesk.stations.talk import talk_controller
from queuedesk.stations.talk.talk_controller import Item, Kind, TalkController, note_spoken
from queuedesk.stations.widgets.buttons import Button, PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.message_place import Press, Rank, StationMessage
from queuedesk.stations.widgets.paint import CapStyle, Painter, wrap
from queuedesk.stations.widgets.panels import EvenGrid, FixedSize, Label, spread
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog, DropDown, FormField, ReasonDialog
from queuedesk.stations.window.frame import MenuEntry, StationPage
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.stations.acts.ticket_acts import SpokenComments
    from queuedesk.stations.manager.quality.case_texts import CaseOpening

# -- the dialogs ---------------------------------------------------------------------------------------------------

PX, CAP, LEFT, GAP, HEIGHT, MOST_LINES = 17, 28, 14, 14, 60, 3


class SentenceButton(SecondaryButton):
    """A button with a whole sentence; `digit` is its key, "" for none."""

    def __init__(self, look: Look, text: str, digit: str = "", *, danger: bool = False) -> None:
        super().__init__(look, text, height=HEIGHT, px=PX, align="left")
        self._digit = digit
        if danger:
            self.edge = "red"

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        fill, edge, ink = self.colors()
        rect = QRectF(self.rect())
        painter.box(rect, self.radius, fill, edge=edge, width=2 if edge == "red" else 1, dashed=not self.isEnabled())
        left, side = look.px(LEFT), look.px(CAP)
        if self._digit:
            place = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.key_cap(place, self._digit, CapStyle(px=15))
            left += side + look.px(GAP)
        room = self.width() - left - look.px(LEFT)
        px, lines = PX, wrap(look.font(PX, bold=True), self.text(), room, MOST_LINES)
        if len(lines) > 2:
            px = 15
            lines = wrap(look.font(px, bold=True), self.text(), room, 2)
        high = look.px(px * 1.4)
        y = (self.height() - high * len(lines)) / 2
        for line in lines:
            painter.words_in(line, look.font(px, bold=True), ink, QRectF(left, y, room, high))
            y += high


WIDTH, LONGEST = 720, 100


class SentencesDialog(Dialog):
    """Ready sentences to choose, by touch or by digit, or own words with `send`, what their button says; Esc cancels.
    `done` gives the sentence."""

    done = Signal(object)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        sentences: Sequence[Sentence],
        no: str,
        effect: str = "",
        send: str = "",
        danger: bool = False,
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self._sentences, self._send = list(sentences), send
        self.ready: list[SentenceButton] = []
        for number, sentence in enumerate(self._sentences, start=1):
            words, digit = named(sentence.text, sentence.text_en), str(number) if number <= 9 else ""
            button = SentenceButton(self.look, words, digit, danger=danger)
            button.clicked.connect(partial(self.send, number - 1))
            self.ready.append(button)
        self._add_ready()
        if send:
            self._add_own()
        self.no_button = SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def _add_ready(self) -> None:
        for button in self.ready:
            self.body.addWidget(button)

    def _add_own(self) -> None:
        self.words = QLineEdit()
        self.words.setMaxLength(LONGEST)
        self.words.textChanged.connect(self._typed)
        self.words.returnPressed.connect(self._send_own)
        own = QHBoxLayout()
        spread(self.look, own, spacing=12)
        own.addWidget(FormField(self.look, _("In your own words"), edit=self.words), 1)
        self.send_button = PrimaryButton(self.look, height=48, px=17)
        self.send_button.clicked.connect(self._send_own)
        own.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(own)
        self._typed()

    def first_focus(self) -> QWidget:
        """Return the field where there is nothing else to send."""
        return self.words if self._send and not self._sentences else self

    def _typed(self) -> None:
        if self.words.text().strip():
            self.send_button.allow(self._send)
        else:
            self.send_button.block(_("Type a message first"))

    def _send_own(self) -> None:
        if self.words.text().strip():
            self._finish(Sentence(self.words.text().strip()))

    def send(self, place: int) -> None:
        self._finish(self._sentences[place])

    def _finish(self, sentence: Sentence) -> None:
        self.close_dialog()
        self.done.emit(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if self._send and QApplication.focusWidget() is self.words and event.key() != Qt.Key.Key_Escape:
            event.accept()
        elif digit.isdecimal() and 1 <= int(digit) <= min(9, len(self._sentences)) and not event.isAutoRepeat():
            self.send(int(digit) - 1)
        else:
            super().keyPressEvent(event)


class MessageDialog(SentencesDialog):
    """Asks for a message's address and text. `wanted` gives place, text and its English. `places` are (place, word),
    the default first; `about` is the message being answered."""

    wanted = Signal(str, str, str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        places: Sequence[tuple[str, str]],
        sentences: Sequence[Sentence],
        to: str = "",
        about: str = "",
    ) -> None:
        self.to = DropDown(look)
        for place, word in places:
            self.to.addItem(word, place)
        self.to.setCurrentIndex(max(0, self.to.findData(to)))
        super().__init__(
            host,
            look,
            title=_("Send a message"),
            effect=about,
            sentences=sentences,
            send=_("Send", context="message"),
            no=_("Send nothing"),
        )
        self.done.connect(self._send_ready)

    def _add_ready(self) -> None:
        look = self.look
        FixedSize(look, self.to, height=48)
        self.body.addWidget(FormField(look, _("To", context="message"), edit=self.to, has_line=False))
        self.body.addWidget(Label(look, _("Press a message to send it:"), px=15, bold=True))
        grid = EvenGrid(look, height=HEIGHT, gap=10)
        grid.set_widgets(list(self.ready))
        self.body.addWidget(grid)

    def _send_ready(self, sentence: Sentence) -> None:
        self.wanted.emit(self.to.currentData(), sentence.text, sentence.text_en)


END = "end"
Key = tuple[str, int, bool]


# -- what features add ------------------------------------------------------------------------------------------------


class FeatureMessage(Struct, frozen=True, kw_only=True):
    """One thing that a feature tells the person here; its one button does `press`, and `told.key` is its number in the
    log. What `waits` comes without a sound, and not while a customer is being called."""

    told: StationMessage
    press: Callable[[], None]
    rank: Rank = Rank.MESSAGE
    waits: bool = True

    @property
    def key(self) -> Key:
        """Its identity, as that of `Item`."""
        return ("", self.told.key, False)


class TalkPart(QObject):
    """What a feature adds to talk (`talk` of its register); made only where the hall uses the feature."""

    def __init__(self, talking: Talking) -> None:
        super().__init__(talking)
        self.talking, self.context = talking, talking.context

    def items(self, who: str) -> Iterable[FeatureMessage]:
        """Return what the person here is to be told."""
        return ()

    def entries(self) -> list[MenuEntry]:
        """Return the lines of the ⋯ menu about the person here."""
        return []

    def customer_entries(self) -> list[MenuEntry]:
        """Return those about the customer here."""
        return []

    def look_up(self, ref: str) -> None:
        """Show what there is on a customer who named a reference."""


# -- the station's part --------------------------------------------------------------------------------------------


class Talking(QObject):
    """Shows the page's messages and asks over `host`. `said`: a sentence and icon for an act; `told`: something new to
    read; `alarmed`: the running emergency, "" when it is over."""

    said = Signal(str, str)
    told = Signal(str)
    alarmed = Signal(str)

    def __init__(
        self,
        page: StationPage,
        controller: TalkController,
        *,
        host: Callable[[], QWidget] | None = None,
        put: Callable[[Dialog], None] | None = None,
    ) -> None:
        """`host` gives what a question stands over, `put` opens it where the page has one at a time."""
        super().__init__(page)
        self.controller, self._page, self.context = controller, page, page.context
        self._look = page.context.look
        self.host = host or (lambda: page)
        self.put = put or Dialog.open_dialog
        self._known: set[Key] = set()
        self._items: list[Item] = []
        self._added: list[FeatureMessage] = []
        self._parts: dict[str, TalkPart] = {}
        self._alarm = ""
        self.is_quiet = False
        self.is_away = page.context.feed.away_since is not None
        # The question now open, if any.
        self.dialog: Dialog | None = None
        self._spoken: SpokenComments | None = None
        self._opening: CaseOpening | None = None
        self._cased: set[int] = set()
        self._asked_of = 0
        self._keys: list[Button] = []
        controller.setParent(self)
        controller.done.connect(self._done)
        controller.refused.connect(self._refused)
        feed = page.context.feed
        feed.changed.connect(self._changed)
        feed.replaced.connect(self.refresh)
        feed.away.connect(self._set_away)
        feed.back.connect(self._set_back)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_quiet(self, quiet: bool) -> None:
        """Keep messages back while a call is under way; help and emergencies come through."""
        if quiet != self.is_quiet:
            self.is_quiet = quiet
            self.refresh()

    def refresh(self) -> None:
        """Show the current items; play a sound for a new one that does not wait."""
        self._items = self.controller.items(quiet=self.is_quiet)
        self._added = self._added_items()
        for key in self._keys:
            key.set_held(self.is_away)
        emergency = self.controller.emergency()
        alarm = talk_controller.emergency_line(emergency) if emergency is not None else ""
        ends = (Press(END, _("End it …")),) if self.controller.may_declare else ()
        self._tell(Rank.EMERGENCY, *([StationMessage("red", "warning", alarm, presses=ends)] if alarm else []))
        ranks = (Rank.MESSAGE if item.kind is Kind.MESSAGE else Rank.HELP for item in self._items)
        shown = [(rank, item.key, self._text(item)) for rank, item in zip(ranks, self._items, strict=True)]
        shown += [(one.rank, one.key, one.told) for one in self._added]
        for rank in (Rank.HELP, Rank.WARNING, Rank.MESSAGE):
            self._tell(rank, *(told for own, _key, told in shown if own is rank))
        if alarm != self._alarm:
            self._alarm = alarm
            self.alarmed.emit(alarm)
        self._knock({key: told.fact for _rank, key, told in sorted(shown, key=itemgetter(0))})

    def _added_items(self) -> list[FeatureMessage]:
        """Return what features tell the person here, of it while a call is under way what does not wait."""
        who = self.context.who
        if who is None or not self.controller.place:
            return []
        found = [one for part in self.parts() for one in part.items(who.name)]
        return [one for one in found if not (self.is_quiet and one.waits)]

    def parts(self) -> list[TalkPart]:
        named = [one for one in used(self.context.feed.setup.hall) if one.talk]
        for one in named:
            if one.name not in self._parts:
                self._parts[one.name] = load(one.talk)(self)
        return [self._parts[one.name] for one in named]

    def _text(self, item: Item) -> StationMessage:
        # A login that is not told where cases come from does not find this one among them.
        offers = item.seq not in self._cased and self.controller.may_open_case(item)
        return talk_controller.told_text(
            self.context.feed.setup, item, offers_case=offers, at_window=self.controller.is_at_window
        )

    def _tell(self, rank: Rank, *told: StationMessage) -> None:
        """Tell this where the page tells its messages; while the hall is away nothing can be answered."""
        told = tuple(replace(one, presses=()) for one in told) if self.is_away else told
        self._page.messages.tell(rank, *told, do=self._press)

    def hold(self, *keys: Button) -> None:
        """Disable the buttons for messages and emergencies while the hall is away."""
        self._keys += keys

    def _knock(self, facts: Mapping[Key, str]) -> None:
        """Tell what is new of these, by their keys, with a sound where something of it does not wait."""
        keys, waiting = set(facts), {one.key for one in self._added if one.waits}
        emergency = self.controller.emergency()
        if emergency is not None:
            keys.add(("emergency", emergency.seq, False))
        fresh = keys - self._known
        self._known |= keys
        if not fresh:
            return
        sounds = self.context.services.sounds
        if fresh - waiting and sounds is not None and not self.context.options.get("picture"):
            sounds.play("knock")
        self.told.emit(next((fact for key, fact in facts.items() if key in fresh), self._alarm))

    def _changed(self, _events: object) -> None:
        self.refresh()

    def _set_away(self) -> None:
        self.is_away = True
        self.refresh()

    def _set_back(self) -> None:
        self.is_away = False
        self.refresh()

    # -- what is asked -----------------------------------------------------------------------------------------------

    def ask(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._forget)
        self.put(dialog)

    def _forget(self, gone: QObject) -> None:
        if self.dialog is gone:
            self.dialog = None

    @property
    def is_possible(self) -> bool:
        return bool(self.controller.place) and self.controller.context.who is not None and not self.is_away

    def own_entries(self) -> list[MenuEntry]:
        return [entry for part in self.parts() for entry in part.entries()]

    def customer_entries(self, ticket: str = "") -> list[MenuEntry]:
        """Return the ⋯ menu's entries for a customer's words, by default about `ticket`, and features' entries."""
        says = MenuEntry(_("Customer says …"), partial(self.open_comment, ticket), enabled=self.is_possible)
        return [says, *(entry for part in self.parts() for entry in part.customer_entries())]

    def look_up(self, ref: str) -> None:
        """Show what features know of a customer who named a reference."""
        for part in self.parts():
            part.look_up(ref)

    def open_comment(self, ticket: str = "") -> None:
        from queuedesk.stations.acts.ticket_acts import SpokenComments  # seldom needed, and a station starts sooner

        if self._spoken is None:
            self._spoken = SpokenComments(
                self._page, self._look, partial(note_spoken, self.context), host=self.host, put=self.put
            )
            self._spoken.said.connect(self.said)
        self._spoken.open_dialog(ticket)

    def open_message(self, to: str = "", about: str = "") -> None:
        if not self.is_possible:
            return
        setup, here = self.context.feed.setup, self.controller.place
        places = [GUIDE, MANAGER, *(window_place(code) for code in setup.windows), ALL]
        if here in (GUIDE, MANAGER):
            places = [*(place for place in (MANAGER, GUIDE) if place != here), *places[2:]]
        shown = [(place, place_words(place)) for place in places if place != here]
        ready = self.controller.ready("messages")
        dialog = MessageDialog(self.host(), self._look, places=shown, sentences=ready, to=to, about=about)
        dialog.wanted.connect(self.controller.send)
        self.ask(dialog)

    def open_help(self) -> None:
        """Ask for the kind of help; a press calls."""
        if not self.is_possible:
            return
        dialog = SentencesDialog(
            self.host(),
            self._look,
            title=_("Call for help?"),
            effect=_("The front desk and the duty manager see it at once, with a sound."),
            sentences=self.controller.ready("help"),
            no=_("Don't call"),
        )
        dialog.done.connect(self._call)
        self.ask(dialog)

    def _call(self, sentence: Sentence) -> None:
        self.controller.press(sentence.text, sentence.text_en)

    def open_emergency(self) -> None:
        """Show the sentences for an emergency; the next press sends one to every screen."""
        if not self.is_possible or not self.controller.may_declare:
            return
        feed = self.context.feed
        effect = _("One press shows it on every screen in the hall at once.")
        is_spoken, is_simulated = feed.setup.voice.spoken, feed.setup.hall.simulated
        if VOICE in calling_ways(feed.state.devices, is_spoken=is_spoken, is_simulated=is_simulated):
            effect = _("One press shows it on every screen in the hall at once and reads it aloud twice.")
        dialog = SentencesDialog(
            self.host(),
            self._look,
            title=_("Emergency: which message?"),
            effect=effect,
            sentences=self.controller.ready("emergency"),
            send=_("Show it", context="emergency"),
            no=_("No emergency"),
            danger=True,
        )
        dialog.done.connect(self._declare)
        self.ask(dialog)

    def _declare(self, sentence: Sentence) -> None:
        self.controller.declare(sentence.text, sentence.text_en)

    def ask_end(self) -> None:
        dialog = ConfirmDialog(
            self.host(),
            self._look,
            title=_("End the emergency?"),
            effect=_("Every screen goes back to what it showed before."),
            safe=_("Leave it on"),
            act=_("End it"),
        )
        dialog.done.connect(self.controller.end)
        self.ask(dialog)

    # -- presses -----------------------------------------------------------------------------------------------------

    def _press(self, verb: str, key: int) -> None:
        item = next((one for one in self._items if one.seq == key), None)
        added = next((one for one in self._added if one.told.key == key), None)
        if self.is_away:
            return
        if verb == END:
            self.ask_end()
        elif added is not None:
            added.press()
        elif item is None:
            return
        elif verb == talk_controller.COMING:
            self.controller.coming(item.seq)
        elif verb == talk_controller.HERE:
            self.controller.arrived(item.seq)
        elif verb == talk_controller.SEEN:
            self.controller.seen(item)
        elif verb == talk_controller.CANCEL:
            self._ask_why(item.seq)
        elif verb == talk_controller.CASE:
            self._open_case(item)
        else:
            self._reply(item)

    def _ask_why(self, seq: int) -> None:
        dialog = ReasonDialog(
            self.host(),
            self._look,
            title=_("Cancel the call for help?"),
            reasons=[(code, reason_words(code)) for code in REASONS["help"]],
            missing=_("Choose a reason first"),
            no=_("Leave it", context="help"),
            yes=_("Cancel the call"),
        )
        dialog.done.connect(partial(self.controller.cancel, seq))
        self.ask(dialog)

    def _open_case(self, item: Item) -> None:
        from queuedesk.stations.manager.quality.case_texts import CaseOpening  # seldom needed, as above

        if self._opening is None:
            self._opening = CaseOpening(self.context, self.host, self)
            self._opening.said.connect(self.said)
            self._opening.opened.connect(self._case_opened)
        if item.call is not None and self._opening.dialog is None:
            self._asked_of = item.seq
            self._opening.ask_about_help(item.call)

    def _case_opened(self, _number: str) -> None:
        self._cased.add(self._asked_of)
        self.refresh()

    def _reply(self, item: Item) -> None:
        if item.message is None:
            return
        self.controller.seen(item)
        line = talk_controller.message_line(self.context.feed.setup, item.message)
        self.open_message(item.message.origin, line)

    # -- what is said ------------------------------------------------------------------------------------------------

    def _done(self, verb: str, document: dict[str, Any]) -> None:
        where = place_words(document["to"]) if verb == "send" else ""
        texts = {
            "send": (_("Sent: {place}", place=where), "message"),
            "press": (_("Your call for help is sent"), "bell"),
            "declare": (_("The emergency is on every screen"), "warning"),
            "end": (_("The emergency is over"), "check"),
            "coming": (_("They see that you are coming"), "check"),
        }
        if verb in texts:
            self.said.emit(*texts[verb])

    def _refused(self, _verb: str, trouble: QueueDeskError) -> None:
        self.said.emit(say(trouble), "warning")
        self.refresh()
