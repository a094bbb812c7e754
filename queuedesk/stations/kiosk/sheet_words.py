"""What lies over the page in words, and what its answers do."""

from __future__ import annotations

from collections.abc import Callable

from queuedesk.core.talk.messages import HelpCall
from queuedesk.i18n import _, n_, say, time_hm
from queuedesk.i18n.names import class_name
from queuedesk.stations.kiosk import shelf
from queuedesk.stations.kiosk.controller import KioskController
from queuedesk.stations.kiosk.refusal_words import sorry_texts
from queuedesk.stations.kiosk.sheets import Answer, SheetText
from queuedesk.stations.kiosk.steps import RING_S, Sheet
from queuedesk.stations.window.lock import SHORTEST_PIN

OK, MORE, GO, NO = "ok", "more", "go", "no"
CALL, HERE, MISTAKEN = "call", "here", "mistaken"
_CLASS = "class "
# A question that playing hands must not answer: nobody has read it sooner.
READ_S = 3


def sheet(does: KioskController) -> SheetText | None:
    """Return what is asked or said now, None where nothing is."""
    makes: dict[Sheet, Callable[[KioskController], SheetText]] = {
        Sheet.STILL_THERE: _still_there,
        Sheet.ANOTHER: _another,
        Sheet.CLASSES: _classes,
        Sheet.SORRY: _sorry,
        Sheet.HELP: _help,
        Sheet.PIN: _pin,
        Sheet.CALM: _calm,
        Sheet.MANY: _many,
    }
    make = makes.get(does.sheet)
    return make(does) if make else None


def answer(does: KioskController, code: str) -> None:
    """Do what an answer says."""
    if does.sheet is Sheet.STILL_THERE:
        if code == MORE:
            does.more_time()
        else:
            does.home()
    elif (
        not does.patience.is_settled
        or does.holding.is_drumming
        or (does.sheet is Sheet.MANY and does.patience.shown_s() < READ_S)
    ):
        return
    elif does.sheet in (Sheet.ANOTHER, Sheet.MANY) and code == GO:
        does.take_another()
    elif does.sheet in (Sheet.ANOTHER, Sheet.MANY):
        does.home()
    elif does.sheet is Sheet.CLASSES and code.startswith(_CLASS):
        does.choose_class(code.removeprefix(_CLASS))
    elif does.sheet is Sheet.HELP and code == CALL:
        does.help.press()
    elif does.sheet is Sheet.HELP and code in (HERE, MISTAKEN):
        end = does.help.arrived if code == HERE else does.help.cancel
        end()
        does.close_sheet()
    elif does.sheet is Sheet.PIN and code == GO:
        does.lock.prove()
    else:
        does.close_sheet()


def _still_there(does: KioskController) -> SheetText:
    left = does.patience.ring_left_s()
    return SheetText(
        title=_("Are you still there?"),
        sentence=n_(
            "Back to the start in {n} second; no ticket is lost",
            "Back to the start in {n} seconds; no ticket is lost",
            left,
        ),
        answers=(
            Answer(code=MORE, words=_("Yes, more time"), filled=True),
            Answer(code=NO, words=_("No, thank you")),
        ),
        ring=(left, RING_S),
    )


def _another(does: KioskController) -> SheetText:
    given = does.taking.last
    title = _("One more ticket?")
    sentence = _("{ticket} was given just now. Is the next one for somebody else?", ticket=given)
    return SheetText(
        title=title,
        sentence=sentence,
        answers=(
            Answer(code=GO, words=_("Yes, one more ticket"), filled=True),
            Answer(code=NO, words=_("No, thank you")),
        ),
        icon="ticket",
    )


def _many(does: KioskController) -> SheetText:
    return SheetText(
        title=_("Is this ticket for somebody?"),
        sentence=_("Many tickets were taken here just now. Please take one only for somebody who waits here."),
        answers=(
            Answer(code=GO, words=_("Yes, one more ticket")),
            Answer(code=NO, words=_("No, thank you")),
        ),
        icon="ticket",
    )


def _calm(_does: KioskController) -> SheetText:
    return SheetText(
        title=_("One moment, please"),
        sentence=_("One touch is enough. Please wait a few seconds, then touch once."),
        icon="hourglass",
    )


def _classes(does: KioskController) -> SheetText:
    classes = shelf.priority_classes(does.setup)
    rows = [Answer(code=f"{_CLASS}{one.code}", words=class_name(does.setup, one.code)) for one in classes]
    return SheetText(
        title=_("Who goes first?"),
        sentence=_("Please choose what applies; the clerk may ask to see a document."),
        answers=(*rows, Answer(code=NO, words=_("None of these"))),
    )


def _sorry(does: KioskController) -> SheetText:
    title, sentence = "", ""
    if does.sorry is not None:
        title, sentence = sorry_texts(does.setup, does.sorry, does.now())
    return SheetText(title=title, sentence=sentence, answers=(_ok(),), icon="info")


def _help(does: KioskController) -> SheetText:
    call = does.help.call
    if call is not None:
        return _help_called(does, call)
    sentence = _("Somebody of the hall comes to you and takes the ticket with you. Or go to the front desk.")
    phone = does.setup.hall.phone
    if phone:
        sentence += "\n" + _("By telephone: {phone}", phone=phone)
    answers = (Answer(code=CALL, words=_("Please come to me"), filled=True), Answer(code=OK, words=_("Back")))
    return SheetText(title=_("We are glad to help"), sentence=sentence, answers=answers, icon="person")


def _help_called(does: KioskController, call: HelpCall) -> SheetText:
    time = time_hm(does.setup.local(call.pressed))
    title, sentence = _("Help is called"), _("Called at {time}. Please wait here.", time=time)
    if not call.is_unanswered:
        title, sentence = _("Help is coming"), _("Please wait here, it will not be long.")
    answers = (
        Answer(code=HERE, words=_("Somebody is here")),
        Answer(code=MISTAKEN, words=_("Not needed any more")),
        Answer(code=OK, words=_("Go on alone")),
    )
    return SheetText(title=title, sentence=sentence, answers=answers, icon="person")


def _pin(does: KioskController) -> SheetText:
    lock = does.lock
    ready = len(lock.pin) >= SHORTEST_PIN
    return SheetText(
        title=_("A manager's PIN, please"),
        sentence=say(lock.trouble) if lock.trouble else "",
        answers=(
            Answer(
                code=GO,
                words=_("Open the menu or leave") if ready else _("Enter the PIN"),
                filled=ready,
                dashed=not ready,
            ),
            Answer(code=NO, words=_("Back")),
        ),
        dots=len(lock.pin),
    )


def _ok() -> Answer:
    return Answer(code=OK, words=_("All right"))
