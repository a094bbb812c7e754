"""Messages, help and emergencies of one staff station: the strip, the red bar, the questions, the knock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.sentences import Sentence
from queuedesk.core.talk.messages import ALL, GUIDE, MANAGER, window_place
from queuedesk.i18n import _, named, say
from queuedesk.i18n.queue.reasons import REASONS, reason_words
from queuedesk.i18n.talk.talk_words import place_words
from queuedesk.stations.talk import words
from queuedesk.stations.talk.dialogs import MessageDialog, ReadDialog, SentencesDialog
from queuedesk.stations.talk.items import Item
from queuedesk.stations.talk.strip import TalkStrip
from queuedesk.stations.talk.talk_controller import TalkController
from queuedesk.stations.widgets.buttons import Button
from queuedesk.stations.widgets.lists.strips import Banner
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, Dialog, ReasonDialog
from queuedesk.stations.window.page import StationPage


class Talking(QObject):
    """Shows in `strip` and `banner`, which the page puts where they cover nothing that is pressed, and asks over
    `host`.

    `said` gives a sentence and its icon for what was done or refused, `told` what is new to read, `alarmed` the
    emergency that stands, "" when it is over.
    """

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
        self.controller, self._page = controller, page
        self._look = page.context.look
        self._host = host or (lambda: page)
        self._put = put or Dialog.open_dialog
        self._known: set[tuple[str, int, bool]] = set()
        self._items: list[Item] = []
        self._alarm = ""
        self.is_quiet = False
        self.is_away = page.context.feed.away_since is not None
        # The question now open, if any.
        self.dialog: Dialog | None = None
        self._keys: list[Button] = []
        self.strip = TalkStrip(self._look)
        self.banner = Banner(self._look, full=True)
        self.banner.hide()
        self.strip.pressed.connect(self._press)
        self.banner.acted.connect(self.ask_end)
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
        """Show what there is now; knock for what is new."""
        setup = self._page.context.feed.setup
        self._items = self.controller.items(quiet=self.is_quiet)
        first = self._items[0] if self._items else None
        text = words.strip_text(setup, first, len(self._items) - 1) if first is not None else None
        self.strip.show_text(text)
        self.strip.setEnabled(not self.is_away)
        for key in self._keys:
            key.set_held(self.is_away)
        emergency = self.controller.emergency()
        alarm = words.emergency_line(emergency) if emergency is not None else ""
        if emergency is not None:
            button = _("End it …") if self.controller.may_answer and not self.is_away else ""
            self.banner.set_banner("red", alarm, button=button)
        self.banner.setVisible(emergency is not None)
        if alarm != self._alarm:
            self._alarm = alarm
            self.alarmed.emit(alarm)
        self._knock()

    def hold(self, *keys: Button) -> None:
        """Let buttons that ask for a message or an emergency rest while the hall is away."""
        self._keys += keys

    def _knock(self) -> None:
        keys = {item.key for item in self._items}
        emergency = self.controller.emergency()
        if emergency is not None:
            keys.add(("emergency", emergency.seq, False))
        fresh = keys - self._known
        self._known |= keys
        if not fresh:
            return
        sounds = self._page.context.services.sounds
        if sounds is not None and not self._page.context.options.get("picture"):
            sounds.play("knock")
        setup = self._page.context.feed.setup
        told = [words.strip_text(setup, item, 0).text for item in self._items if item.key in fresh]
        self.told.emit(told[0] if told else self.banner.title())

    def _changed(self, _events: object) -> None:
        self.refresh()

    def _set_away(self) -> None:
        self.is_away = True
        self.refresh()

    def _set_back(self) -> None:
        self.is_away = False
        self.refresh()

    # -- what is asked -----------------------------------------------------------------------------------------------

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._forget)
        self._put(dialog)

    def _forget(self, gone: QObject) -> None:
        if self.dialog is gone:
            self.dialog = None

    @property
    def is_possible(self) -> bool:
        """Whether something can be sent from here now."""
        return bool(self.controller.place) and self.controller.context.who is not None and not self.is_away

    def open_message(self, to: str = "", about: str = "") -> None:
        """Ask to whom and what."""
        if not self.is_possible:
            return
        setup, here = self._page.context.feed.setup, self.controller.place
        places = [GUIDE, MANAGER, *(window_place(code) for code in setup.windows), ALL]
        if here in (GUIDE, MANAGER):
            places = [*(place for place in (MANAGER, GUIDE) if place != here), *places[2:]]
        shown = [(place, place_words(place)) for place in places if place != here]
        ready = self.controller.ready("messages")
        dialog = MessageDialog(self._host(), self._look, places=shown, sentences=ready, to=to, about=about)
        dialog.wanted.connect(self.controller.send)
        self._open(dialog)

    def open_help(self) -> None:
        """Ask what help is needed for; a press calls."""
        if not self.is_possible:
            return
        dialog = SentencesDialog(
            self._host(),
            self._look,
            title=_("Call for help?"),
            effect=_("Front desk and duty manager see it at once, with a knock."),
            sentences=self.controller.ready("help"),
            no=_("Call nobody"),
        )
        dialog.done.connect(self._call)
        self._open(dialog)

    def _call(self, sentence: Sentence) -> None:
        self.controller.press(sentence.text, sentence.text_en)

    def open_emergency(self) -> None:
        """Show the sentences for an emergency; the next press sends one to every screen."""
        if not self.is_possible or not self.controller.may_answer:
            return
        dialog = SentencesDialog(
            self._host(),
            self._look,
            title=_("Emergency: which sentence?"),
            effect=_("A press puts it on every screen of the hall at once and reads it aloud twice."),
            sentences=self.controller.ready("emergency"),
            no=_("No emergency"),
            danger=True,
        )
        dialog.done.connect(self._declare)
        self._open(dialog)

    def _declare(self, sentence: Sentence) -> None:
        self.controller.declare(sentence.text, sentence.text_en)

    def ask_end(self) -> None:
        """Ask once before the emergency is taken off the screens."""
        dialog = ConfirmDialog(
            self._host(),
            self._look,
            title=_("End the emergency?"),
            effect=_("Every screen goes back to what it showed before."),
            safe=_("Leave it on"),
            act=_("End it"),
        )
        dialog.done.connect(self.controller.end)
        self._open(dialog)

    # -- presses -----------------------------------------------------------------------------------------------------

    def _press(self, verb: str) -> None:
        if not self._items or self.is_away:
            return
        item = self._items[0]
        if verb == words.COMING:
            self.controller.coming(item.seq)
        elif verb == words.HERE:
            self.controller.arrived(item.seq)
        elif verb == words.SEEN:
            self.controller.seen(item.seq)
        elif verb == words.CANCEL:
            self._ask_why(item.seq)
        elif verb == words.REPLY:
            self._reply(item)
        else:
            self._read(item)

    def _ask_why(self, seq: int) -> None:
        dialog = ReasonDialog(
            self._host(),
            self._look,
            title=_("Take the call for help back?"),
            reasons=[(code, reason_words(code)) for code in REASONS["help"]],
            missing=_("Choose a reason first"),
            no=_("Leave it"),
            yes=_("Take it back"),
        )
        dialog.done.connect(partial(self.controller.cancel, seq))
        self._open(dialog)

    def _reply(self, item: Item) -> None:
        if item.message is None:
            return
        self.controller.seen(item.seq)
        line = words.message_line(self._page.context.feed.setup, item.message)
        self.open_message(item.message.origin, line)

    def _read(self, item: Item) -> None:
        if item.message is None:
            return
        dialog = ReadDialog(
            self._host(),
            self._look,
            title=place_words(item.message.origin),
            text=named(item.message.text, item.message.text_en),
        )
        dialog.done.connect(partial(self._was_read, item))
        self._open(dialog)

    def _was_read(self, item: Item, reply: bool) -> None:
        if reply:
            self._reply(item)
        else:
            self.controller.seen(item.seq)

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
