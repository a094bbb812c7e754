"""Messages, calls for help and emergencies at one staff station (front desk, counter, manager): sent, answered, listed
in order of urgency and worded; what is told, the dialogs and the sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import features_used_by_hall, import_reference
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import MAY, Role
from queuedesk.core.quality.case import case_number_of_help_call
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import BilingualSentence
from queuedesk.core.talk import messages as hall_messages
from queuedesk.core.talk.device import VOICE, working_call_devices
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.i18n import _, error_sentence, moments, name_in_language, time_hm
from queuedesk.i18n.names import staff_name
from queuedesk.i18n.queue.line_words import REASONS, reason_words
from queuedesk.i18n.talk import place_words
from queuedesk.stations.widgets import buttons, paint
from queuedesk.stations.widgets.message_place import MessageButtonVerbAndWord, MessageRank, StationMessage
from queuedesk.stations.widgets.panels import EqualCellGrid, FixedSizeKeeper, Label, set_scaled_margins
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog, DropDown, FormField, ReasonDialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import MenuEntry, StationPage
from queuedesk.stations.window.style import Look

if TYPE_CHECKING:
    from queuedesk.stations.acts.ticket_acts import SpokenCommentAsker
    from queuedesk.stations.manager.quality.case_texts import CaseOpeningDialogs


class _TalkItemKind(StrEnum):
    """Somebody waits for help; this person is on the way there; help was called here; somebody wrote."""

    HELP = "help"
    COMING = "coming"
    OWN = "own"
    MESSAGE = "message"


class _TalkItem(Struct, frozen=True):
    """One thing to show: a call for help or a message."""

    kind: _TalkItemKind
    call: hall_messages.HelpCall | None = None
    message: hall_messages.Message | None = None

    @property
    def seq(self) -> int:
        about = self.call or self.message
        return about.seq if about is not None else 0

    @property
    def key(self) -> tuple[str, int, bool]:
        """Its identity, which changes when somebody answers."""
        return (self.kind, self.seq, self.call is not None and self.call.helper is not None)


def talk_items_to_show(
    state: HallState, place: str, who: str, *, answers: bool, quiet: bool = False
) -> list[_TalkItem]:
    """Return what to show to `who` at `place`; a person who `answers` sees every open call, and those to which they are
    going. While `quiet` messages wait, but not calls for help."""
    own = hall_messages.open_help_call_at(state.help_calls.values(), place)
    found = [_TalkItem(_TalkItemKind.OWN, call=own)] if own is not None else []
    if answers:
        calls = [one for one in hall_messages.current_help_calls(state.help_calls.values()) if one is not own]
        found += [_TalkItem(_TalkItemKind.HELP, call=one) for one in calls if one.is_unanswered]
        found += [_TalkItem(_TalkItemKind.COMING, call=one) for one in calls if one.helper == who]
    if not quiet:
        found += [
            _TalkItem(_TalkItemKind.MESSAGE, message=one)
            for one in hall_messages.unread_messages_at(state.messages.values(), place)
        ]
    return found


# -- keys, the same at every staff station -------------------------------------------------------------------------

HELP_KEY, MESSAGE_KEY = "Alt+H", "Alt+N"

P = ParamSpec("P")
_CALLED_FIRST = (Role.GUIDE, Role.MANAGER, Role.ADMIN)


class TalkController(QObject):
    """`place`: where this station is, "" while nobody works there. `done` gives the verb (send, seen, press, coming,
    arrived, cancel, declare, end, features' verbs) and its document, `refused` verb and trouble. Its commands do not
    wait for the station's others."""

    done = Signal(str, dict)
    refused = Signal(str, object)

    def __init__(self, context: StationContext, place: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context, self._place = context, place
        self._under_way: set[tuple[object, ...]] = set()

    @property
    def hall_state(self) -> HallState:
        return self.context.feed.state

    @property
    def place(self) -> str:
        return self._place()

    @property
    def may_declare_emergency(self) -> bool:
        return self.context.who is not None and "emergency" in MAY[self.context.who.role]

    @property
    def is_used_by_clerk(self) -> bool:
        """Whether a clerk is here, who says to be coming before being there."""
        return self.context.who is not None and self.context.who.role is Role.CLERK

    @property
    def are_help_calls_shown(self) -> bool:
        """Whether calls for help are shown here; at windows only while no front desk or manager is signed in."""
        who, setup = self.context.who, self.hall_state.setup_now
        if who is None or "help-answer" not in MAY[who.role] or setup is None:
            return False
        if not self.is_used_by_clerk:
            return True
        others = (setup.staff.get(code) for code in self.hall_state.signed_in.values())
        return not any(one is not None and one.role in _CALLED_FIRST for one in others)

    def may_open_case_of_call(self, item: _TalkItem) -> bool:
        """Whether the person here may make a case of a call for help that has none."""
        who, call = self.context.who, item.call
        return bool(
            call and who and who.may("case") and not case_number_of_help_call(self.hall_state.cases.values(), call.seq)
        )

    def items(self, *, quiet: bool = False) -> list[_TalkItem]:
        """Return what is to be shown here, the most urgent first; while `quiet` no messages."""
        who = self.context.who
        if who is None or not self.place:
            return []
        return talk_items_to_show(self.hall_state, self.place, who.name, answers=self.are_help_calls_shown, quiet=quiet)

    def current_emergency(self) -> PushedNotice | None:
        return next((one for one in reversed(self.hall_state.pushed) if one.emergency), None)

    def ready_sentences(self, kind: str) -> Sequence[BilingualSentence]:
        found: Sequence[BilingualSentence] = getattr(self.context.feed.setup.sentences, kind)
        return found

    # -- commands ------------------------------------------------------------------------------------------------

    def send_message(self, to: str, text: str, text_en: str = "") -> None:
        self.run("send", messaging.send_message, to, text, text_en=text_en, origin=self.place)

    def mark_message_seen(self, item: _TalkItem) -> None:
        self.run("seen", messaging.mark_message_read, item.seq, place=self.place)

    def call_for_help(self, about: str = "", about_en: str = "") -> None:
        self.run("press", messaging.call_for_help_at, self.place, about=about, about_en=about_en)

    def acknowledge_help(self, seq: int) -> None:
        self.run("coming", messaging.acknowledge_help, seq)

    def record_arrival(self, seq: int) -> None:
        self.run("arrived", messaging.record_helper_arrival, seq)

    def cancel_help_call(self, seq: int, reason: str) -> None:
        self.run("cancel", messaging.cancel_help, seq, reason=reason)

    def declare_emergency(self, text: str, text_en: str) -> None:
        self.run("declare", messaging.declare_emergency, text, text_en=text_en)

    def end_emergency(self) -> None:
        self.run("end", messaging.end_emergency)

    def run(
        self, verb: str, act: Callable[Concatenate[Desk, Ask, P], Document], *args: P.args, **words: P.kwargs
    ) -> None:
        """Do what a verb says for the person here, unless the same is under way."""
        key = (verb, *args)
        if key in self._under_way:
            return
        self._under_way.add(key)
        ask, desk = self.context.new_ask(), self.context.desk
        self.context.tasks.run(
            lambda: act(desk, ask, *args, **words),
            partial(self._end_command_and_emit_done, key, verb),
            partial(self._end_command_and_emit_refused, key, verb),
        )

    def _end_command_and_emit_done(self, key: tuple[object, ...], verb: str, document: Document) -> None:
        self._under_way.discard(key)
        self.done.emit(verb, document)

    def _end_command_and_emit_refused(self, key: tuple[object, ...], verb: str, trouble: QueueDeskError) -> None:
        self._under_way.discard(key)
        self.refused.emit(verb, trouble)


def store_comment_then_call_back(
    context: StationContext,
    said: tuple[str, str, str],
    done: Callable[[], None],
    refused: Callable[[QueueDeskError], None],
) -> None:
    """Note a customer's words, what they are, and the number they are about or ""; then call the one or the other."""
    words, klass, ticket = said
    desk, ask = context.desk, context.new_ask()
    context.tasks.run(
        lambda: thanking.record_spoken_comment(desk, ask, words, klass=klass, ticket=ticket or None),
        lambda _noted: done(),
        refused,
    )


SEEN, REPLY = "seen", "reply"
COMING, HERE, CANCEL, CASE = "coming", "arrived", "cancel", "case"


def talk_item_message(
    setup: Setup, item: _TalkItem, *, offers_case: bool = False, at_window: bool = False
) -> StationMessage:
    """Return what a message or a call for help tells, with its buttons; where it `offers_case`
    also the one that makes a case of the call. `at_window` a clerk says to be coming before being there."""
    if item.message is not None:
        seen, reply = (
            MessageButtonVerbAndWord(SEEN, _("Seen", context="message")),
            MessageButtonVerbAndWord(REPLY, _("Reply")),
        )
        answers = (seen,) if item.message.origin == hall_messages.PHONE else (seen, reply)
        return StationMessage(
            "blue", "message", sender_time_message_text(setup, item.message), presses=answers, key=item.seq
        )
    assert item.call is not None
    tint, text, presses = _help_call_display_parts(setup, item.kind, item.call)
    if at_window and item.kind is _TalkItemKind.HELP:
        presses = presses[:1]
    if offers_case and item.kind in (_TalkItemKind.HELP, _TalkItemKind.COMING):
        presses = (*presses, MessageButtonVerbAndWord(CASE, _("Open a case")))
    return StationMessage(tint, "bell", text, presses=presses, key=item.seq)


def _help_call_display_parts(
    setup: Setup, kind: _TalkItemKind, call: hall_messages.HelpCall
) -> tuple[str, str, tuple[MessageButtonVerbAndWord, ...]]:
    where, why, since = (
        place_words(call.place),
        name_in_language(call.about, call.about_en),
        time_hm(setup.to_hall_time(call.pressed)),
    )
    if kind is _TalkItemKind.HELP:
        text = _("{place} calls for help, {time}", place=where, time=since)
        presses = (MessageButtonVerbAndWord(COMING, _("I'm coming")), MessageButtonVerbAndWord(HERE, _("I'm there")))
        return "red", moments.join_with_dots(text, why), presses
    if kind is _TalkItemKind.COMING:
        text = _("You are on the way to {place}", place=where)
        presses = (MessageButtonVerbAndWord(HERE, _("I'm there")), MessageButtonVerbAndWord(CANCEL, _("Not needed")))
        return "amber", moments.join_with_dots(text, why), presses
    if call.helper is None:
        text = _("Help was called at {time}; nobody has answered yet", time=since)
        return "amber", moments.join_with_dots(text, why), (MessageButtonVerbAndWord(CANCEL, _("Not needed")),)
    text = _("{name} is coming", name=helping_person_name(setup, call))
    presses = (MessageButtonVerbAndWord(HERE, _("Someone is here")), MessageButtonVerbAndWord(CANCEL, _("Not needed")))
    return "blue", moments.join_with_dots(text, why), presses


def sender_time_message_text(setup: Setup, message: hall_messages.Message) -> str:
    """Return a message with its sender and time: "Front desk, 10:42: Please come over"."""
    return _(
        "{origin}, {time}: {text}",
        origin=place_words(message.origin),
        time=time_hm(setup.to_hall_time(message.time)),
        text=name_in_language(message.text, message.text_en),
    )


def _emergency_text_with_prefix(notice: PushedNotice) -> str:
    """Return an emergency's words, preceded by the word for it unless they contain it."""
    text, word = name_in_language(notice.text, notice.text_en), _("Emergency", context="talk")
    return text if text.casefold().startswith(word.casefold()) else _("Emergency: {text}", text=text)


def helping_person_name(setup: Setup, call: hall_messages.HelpCall) -> str:
    return staff_name(setup, call.helper or call.ended_by)


def help_call_outcome_text(setup: Setup, call: hall_messages.HelpCall) -> str:
    if call.end == hall_messages.ARRIVED and call.ended is not None:
        minutes = (call.ended - call.pressed).total_seconds() / 60
        return _("help arrived after {minutes} min", minutes=f"{minutes:.1f}")
    if call.end == hall_messages.CANCELLED:
        return _("taken back: {reason}", reason=reason_words(call.reason or ""))
    if call.end == hall_messages.DAY_END:
        return _("nobody came", context="help")
    if call.helper is not None:
        return _("{name} is coming", name=helping_person_name(setup, call))
    return _("nobody has answered", context="help")


def seen_by_text(setup: Setup, message: hall_messages.Message) -> str:
    if not message.seen:
        return _("not seen yet")
    last = message.seen[-1]
    at = time_hm(setup.to_hall_time(last.at))
    if len(message.seen) == 1:
        return _("seen by {place}, {time}", place=place_words(last.place), time=at)
    return _("seen at {n} places, last {time}", n=len(message.seen), time=at)


# -- the dialogs ---------------------------------------------------------------------------------------------------

PX, CAP, LEFT, GAP, HEIGHT, MOST_LINES = 17, 28, 14, 14, 60, 3


class SentenceButton(buttons.SecondaryButton):
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
        painter, look = paint.Painter(self, self.look), self.look
        fill, edge, ink = self.colors()
        rect = QRectF(self.rect())
        painter.draw_box(
            rect, self.radius, fill, edge=edge, width=2 if edge == "red" else 1, dashed=not self.isEnabled()
        )
        left, side = look.px(LEFT), look.px(CAP)
        if self._digit:
            place = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.draw_key_cap(place, self._digit, paint.KeyCapStyle(px=15))
            left += side + look.px(GAP)
        room = self.width() - left - look.px(LEFT)
        px, lines = PX, paint.wrapped_lines(look.font(PX, bold=True), self.text(), room, MOST_LINES)
        if len(lines) > 2:
            px = 15
            lines = paint.wrapped_lines(look.font(px, bold=True), self.text(), room, 2)
        high = look.px(px * 1.4)
        y = (self.height() - high * len(lines)) / 2
        for line in lines:
            painter.draw_words_and_give_end_x(line, look.font(px, bold=True), ink, QRectF(left, y, room, high))
            y += high


WIDTH, LONGEST = 720, 100


class SentenceChoiceDialog(Dialog):
    """Ready sentences to choose, by touch or by digit, or own words with `send`, what their button says; Esc cancels.
    `done` gives the sentence."""

    done = Signal(object)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        title: str,
        sentences: Sequence[BilingualSentence],
        no: str,
        effect: str = "",
        send: str = "",
        danger: bool = False,
    ) -> None:
        super().__init__(host, look, title=title, effect=effect, width=WIDTH)
        self._sentences, self._send = list(sentences), send
        self.ready: list[SentenceButton] = []
        for number, sentence in enumerate(self._sentences, start=1):
            words, digit = name_in_language(sentence.text, sentence.text_en), str(number) if number <= 9 else ""
            button = SentenceButton(self.look, words, digit, danger=danger)
            button.clicked.connect(partial(self.send_ready_sentence, number - 1))
            self.ready.append(button)
        self._add_ready_sentences()
        if send:
            self._add_own_words_field()
        self.no_button = buttons.SecondaryButton(self.look, no, key="Esc", height=56, px=18)
        self.no_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.no_button)

    def _add_ready_sentences(self) -> None:
        for button in self.ready:
            self.body.addWidget(button)

    def _add_own_words_field(self) -> None:
        self.words = QLineEdit()
        self.words.setMaxLength(LONGEST)
        self.words.textChanged.connect(self._update_send_button)
        self.words.returnPressed.connect(self._finish_with_own_words)
        own = QHBoxLayout()
        set_scaled_margins(self.look, own, spacing=12)
        own.addWidget(FormField(self.look, _("In your own words"), edit=self.words), 1)
        self.send_button = buttons.PrimaryButton(self.look, height=48, px=17)
        self.send_button.clicked.connect(self._finish_with_own_words)
        own.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(own)
        self._update_send_button()

    def first_focus_widget(self) -> QWidget:
        """Return the field where there is nothing else to send."""
        return self.words if self._send and not self._sentences else self

    def _update_send_button(self) -> None:
        if self.words.text().strip():
            self.send_button.enable_with_label(self._send)
        else:
            self.send_button.disable_with_reason(_("Type a message first"))

    def _finish_with_own_words(self) -> None:
        if self.words.text().strip():
            self._close_and_emit_sentence(BilingualSentence(self.words.text().strip()))

    def send_ready_sentence(self, place: int) -> None:
        self._close_and_emit_sentence(self._sentences[place])

    def _close_and_emit_sentence(self, sentence: BilingualSentence) -> None:
        self.close_dialog()
        self.done.emit(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if self._send and QApplication.focusWidget() is self.words and event.key() != Qt.Key.Key_Escape:
            event.accept()
        elif digit.isdecimal() and 1 <= int(digit) <= min(9, len(self._sentences)) and not event.isAutoRepeat():
            self.send_ready_sentence(int(digit) - 1)
        else:
            super().keyPressEvent(event)


class MessageDialog(SentenceChoiceDialog):
    """Asks for a message's address and text. `wanted` gives place, text and its English. `places` are (place, word),
    the default first; `about` is the message being answered."""

    wanted = Signal(str, str, str)

    def __init__(
        self,
        host: QWidget,
        look: Look,
        *,
        places: Sequence[tuple[str, str]],
        sentences: Sequence[BilingualSentence],
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
        self.done.connect(self._emit_message_wanted)

    def _add_ready_sentences(self) -> None:
        look = self.look
        FixedSizeKeeper(look, self.to, height=48)
        self.body.addWidget(FormField(look, _("To", context="message"), edit=self.to, has_line=False))
        self.body.addWidget(Label(look, _("Press a message to send it:"), px=15, bold=True))
        grid = EqualCellGrid(look, height=HEIGHT, gap=10)
        grid.set_widgets(list(self.ready))
        self.body.addWidget(grid)

    def _emit_message_wanted(self, sentence: BilingualSentence) -> None:
        self.wanted.emit(self.to.currentData(), sentence.text, sentence.text_en)


END = "end"
Key = tuple[str, int, bool]


# -- what features add ------------------------------------------------------------------------------------------------


class FeatureMessage(Struct, frozen=True, kw_only=True):
    """One thing that a feature tells the person here; its one button does `press`, and `told.key` is its number in the
    log. What `waits` comes without a sound, and not while a customer is being called."""

    told: StationMessage
    press: Callable[[], None]
    rank: MessageRank = MessageRank.MESSAGE
    waits: bool = True

    @property
    def key(self) -> Key:
        """Its identity, as that of `Item`."""
        return ("", self.told.key, False)


class FeatureTalkExtension(QObject):
    """What a feature adds to talk (`talk` of its register); made only where the hall uses the feature. `context` is the
    page's; `talking.controller.run(verb, function, …)` does what a press asks for, `talking.show_dialog` asks."""

    def __init__(self, talking: TalkPresenter) -> None:
        super().__init__(talking)
        self.talking, self.context = talking, talking.context

    def items(self, who: str) -> Iterable[FeatureMessage]:
        """Return what the person here is to be told."""
        return ()

    def person_menu_entries(self) -> list[MenuEntry]:
        """Return the lines of the ⋯ menu about the person here."""
        return []

    def customer_menu_entries(self) -> list[MenuEntry]:
        """Return those about the customer here."""
        return []

    def look_up_notes(self, ref: str) -> None:
        """Show what there is on a customer who named a reference."""


# -- the station's part --------------------------------------------------------------------------------------------


class TalkPresenter(QObject):
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
        self._items: list[_TalkItem] = []
        self._added: list[FeatureMessage] = []
        self._parts: dict[str, FeatureTalkExtension] = {}
        self._alarm = ""
        self.is_quiet = False
        self.is_away = page.context.feed.away_since is not None
        # The question now open, if any.
        self.dialog: Dialog | None = None
        self._spoken: SpokenCommentAsker | None = None
        self._opening: CaseOpeningDialogs | None = None
        self._cased: set[int] = set()
        self._asked_of = 0
        self._keys: list[buttons.Button] = []
        controller.setParent(self)
        controller.done.connect(self._say_done)
        controller.refused.connect(self._say_trouble_and_refresh)
        feed = page.context.feed
        feed.changed.connect(self._refresh_on_events)
        feed.replaced.connect(self.refresh)
        feed.away.connect(self._on_database_away)
        feed.back.connect(self._on_database_back)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def set_messages_held_back(self, quiet: bool) -> None:
        """Keep messages back while a call is under way; help and emergencies come through."""
        if quiet != self.is_quiet:
            self.is_quiet = quiet
            self.refresh()

    def refresh(self) -> None:
        """Show the current items; play a sound for a new one that does not wait."""
        self._items = self.controller.items(quiet=self.is_quiet)
        self._added = self._feature_messages_to_show()
        for key in self._keys:
            key.set_disabled_while_away(self.is_away)
        emergency = self.controller.current_emergency()
        alarm = _emergency_text_with_prefix(emergency) if emergency is not None else ""
        ends = (MessageButtonVerbAndWord(END, _("End it …")),) if self.controller.may_declare_emergency else ()
        self._tell_messages_on_page(
            MessageRank.EMERGENCY, *([StationMessage("red", "warning", alarm, presses=ends)] if alarm else [])
        )
        ranks = (
            MessageRank.MESSAGE if item.kind is _TalkItemKind.MESSAGE else MessageRank.HELP for item in self._items
        )
        shown = [(rank, item.key, self._message_of_item(item)) for rank, item in zip(ranks, self._items, strict=True)]
        shown += [(one.rank, one.key, one.told) for one in self._added]
        for rank in (MessageRank.HELP, MessageRank.WARNING, MessageRank.MESSAGE):
            self._tell_messages_on_page(rank, *(told for own, _key, told in shown if own is rank))
        if alarm != self._alarm:
            self._alarm = alarm
            self.alarmed.emit(alarm)
        self._announce_new_facts({key: told.fact for _rank, key, told in sorted(shown, key=itemgetter(0))})

    def _feature_messages_to_show(self) -> list[FeatureMessage]:
        """Return what features tell the person here, of it while a call is under way what does not wait."""
        who = self.context.who
        if who is None or not self.controller.place:
            return []
        found = [one for part in self.feature_extensions() for one in part.items(who.name)]
        return [one for one in found if not (self.is_quiet and one.waits)]

    def feature_extensions(self) -> list[FeatureTalkExtension]:
        named = [one for one in features_used_by_hall(self.context.feed.setup.hall) if one.talk]
        for one in named:
            if one.name not in self._parts:
                self._parts[one.name] = import_reference(one.talk)(self)
        return [self._parts[one.name] for one in named]

    def _message_of_item(self, item: _TalkItem) -> StationMessage:
        # A login that is not told where cases come from does not find this one among them.
        offers = item.seq not in self._cased and self.controller.may_open_case_of_call(item)
        return talk_item_message(
            self.context.feed.setup, item, offers_case=offers, at_window=self.controller.is_used_by_clerk
        )

    def _tell_messages_on_page(self, rank: MessageRank, *told: StationMessage) -> None:
        """Tell this where the page tells its messages; while the hall is away nothing can be answered."""
        told = tuple(replace(one, presses=()) for one in told) if self.is_away else told
        self._page.messages.tell(rank, *told, do=self._act_on_message)

    def add_buttons_disabled_when_away(self, *keys: buttons.Button) -> None:
        """Disable the buttons for messages and emergencies while the hall is away."""
        self._keys += keys

    def _announce_new_facts(self, facts: Mapping[Key, str]) -> None:
        """Tell what is new of these, by their keys, with a sound where something of it does not wait."""
        keys, waiting = set(facts), {one.key for one in self._added if one.waits}
        emergency = self.controller.current_emergency()
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

    def _refresh_on_events(self, _events: object) -> None:
        self.refresh()

    def _on_database_away(self) -> None:
        self.is_away = True
        self.refresh()

    def _on_database_back(self) -> None:
        self.is_away = False
        self.refresh()

    # -- what is asked -----------------------------------------------------------------------------------------------

    def show_dialog(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._forget_closed_dialog)
        self.put(dialog)

    def _forget_closed_dialog(self, gone: QObject) -> None:
        if self.dialog is gone:
            self.dialog = None

    @property
    def can_be_used(self) -> bool:
        return bool(self.controller.place) and self.controller.context.who is not None and not self.is_away

    def own_menu_entries(self) -> list[MenuEntry]:
        return [entry for part in self.feature_extensions() for entry in part.person_menu_entries()]

    def customer_menu_entries(self, ticket: str = "") -> list[MenuEntry]:
        """Return the ⋯ menu's entries for a customer's words, by default about `ticket`, and features' entries."""
        says = MenuEntry(
            _("Customer says …"), partial(self.open_spoken_comment_dialog, ticket), enabled=self.can_be_used
        )
        return [says, *(entry for part in self.feature_extensions() for entry in part.customer_menu_entries())]

    def look_up_notes(self, ref: str) -> None:
        """Show what features know of a customer who named a reference."""
        for part in self.feature_extensions():
            part.look_up_notes(ref)

    def open_spoken_comment_dialog(self, ticket: str = "") -> None:
        from queuedesk.stations.acts.ticket_acts import SpokenCommentAsker  # seldom needed, and a station starts sooner

        if self._spoken is None:
            self._spoken = SpokenCommentAsker(
                self._page,
                self._look,
                partial(store_comment_then_call_back, self.context),
                host=self.host,
                put=self.put,
            )
            self._spoken.said.connect(self.said)
        self._spoken.open_dialog(ticket)

    def open_message_dialog(self, to: str = "", about: str = "") -> None:
        if not self.can_be_used:
            return
        setup, here = self.context.feed.setup, self.controller.place
        places = [
            hall_messages.GUIDE,
            hall_messages.MANAGER,
            *(hall_messages.place_of_window(code) for code in setup.windows),
            hall_messages.ALL,
        ]
        if here in (hall_messages.GUIDE, hall_messages.MANAGER):
            places = [*(place for place in (hall_messages.MANAGER, hall_messages.GUIDE) if place != here), *places[2:]]
        shown = [(place, place_words(place)) for place in places if place != here]
        ready = self.controller.ready_sentences("messages")
        dialog = MessageDialog(self.host(), self._look, places=shown, sentences=ready, to=to, about=about)
        dialog.wanted.connect(self.controller.send_message)
        self.show_dialog(dialog)

    def open_help_dialog(self) -> None:
        """Ask for the kind of help; a press calls."""
        if not self.can_be_used:
            return
        dialog = SentenceChoiceDialog(
            self.host(),
            self._look,
            title=_("Call for help?"),
            effect=_("The front desk and the duty manager see it at once, with a sound."),
            sentences=self.controller.ready_sentences("help"),
            no=_("Don't call"),
        )
        dialog.done.connect(self._call_for_help)
        self.show_dialog(dialog)

    def _call_for_help(self, sentence: BilingualSentence) -> None:
        self.controller.call_for_help(sentence.text, sentence.text_en)

    def open_emergency_dialog(self) -> None:
        """Show the sentences for an emergency; the next press sends one to every screen."""
        if not self.can_be_used or not self.controller.may_declare_emergency:
            return
        feed = self.context.feed
        effect = _("One press shows it on every screen in the hall at once.")
        is_spoken, is_simulated = feed.setup.voice.spoken, feed.setup.hall.simulated
        if VOICE in working_call_devices(feed.state.devices, is_spoken=is_spoken, is_simulated=is_simulated):
            effect = _("One press shows it on every screen in the hall at once and reads it aloud twice.")
        dialog = SentenceChoiceDialog(
            self.host(),
            self._look,
            title=_("Emergency: which message?"),
            effect=effect,
            sentences=self.controller.ready_sentences("emergency"),
            send=_("Show it", context="emergency"),
            no=_("No emergency"),
            danger=True,
        )
        dialog.done.connect(self._send_emergency)
        self.show_dialog(dialog)

    def _send_emergency(self, sentence: BilingualSentence) -> None:
        self.controller.declare_emergency(sentence.text, sentence.text_en)

    def ask_to_end_emergency(self) -> None:
        dialog = ConfirmDialog(
            self.host(),
            self._look,
            title=_("End the emergency?"),
            effect=_("Every screen goes back to what it showed before."),
            safe=_("Leave it on"),
            act=_("End it"),
        )
        dialog.done.connect(self.controller.end_emergency)
        self.show_dialog(dialog)

    # -- presses -----------------------------------------------------------------------------------------------------

    def _act_on_message(self, verb: str, key: int) -> None:
        item = next((one for one in self._items if one.seq == key), None)
        added = next((one for one in self._added if one.told.key == key), None)
        if self.is_away:
            return
        if verb == END:
            self.ask_to_end_emergency()
        elif added is not None:
            added.press()
        elif item is None:
            return
        elif verb == COMING:
            self.controller.acknowledge_help(item.seq)
        elif verb == HERE:
            self.controller.record_arrival(item.seq)
        elif verb == SEEN:
            self.controller.mark_message_seen(item)
        elif verb == CANCEL:
            self._ask_help_call_cancel_reason(item.seq)
        elif verb == CASE:
            self._ask_case_for_call(item)
        else:
            self._mark_seen_and_ask_reply(item)

    def _ask_help_call_cancel_reason(self, seq: int) -> None:
        dialog = ReasonDialog(
            self.host(),
            self._look,
            title=_("Cancel the call for help?"),
            reasons=[(code, reason_words(code)) for code in REASONS["help"]],
            missing=_("Choose a reason first"),
            no=_("Leave it", context="help"),
            yes=_("Cancel the call"),
        )
        dialog.done.connect(partial(self.controller.cancel_help_call, seq))
        self.show_dialog(dialog)

    def _ask_case_for_call(self, item: _TalkItem) -> None:
        from queuedesk.stations.manager.quality.case_texts import CaseOpeningDialogs  # seldom needed, as above

        if self._opening is None:
            self._opening = CaseOpeningDialogs(self.context, self.host, self)
            self._opening.said.connect(self.said)
            self._opening.opened.connect(self._on_case_opened)
        if item.call is not None and self._opening.dialog is None:
            self._asked_of = item.seq
            self._opening.ask_case_for_help_call(item.call)

    def _on_case_opened(self, _number: str) -> None:
        self._cased.add(self._asked_of)
        self.refresh()

    def _mark_seen_and_ask_reply(self, item: _TalkItem) -> None:
        if item.message is None:
            return
        self.controller.mark_message_seen(item)
        line = sender_time_message_text(self.context.feed.setup, item.message)
        self.open_message_dialog(item.message.origin, line)

    # -- what is said ------------------------------------------------------------------------------------------------

    def _say_done(self, verb: str, document: dict[str, Any]) -> None:
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

    def _say_trouble_and_refresh(self, _verb: str, trouble: QueueDeskError) -> None:
        self.said.emit(error_sentence(trouble), "warning")
        self.refresh()
