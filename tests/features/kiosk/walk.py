"""Every page that a customer can stand before, one after another."""

from collections.abc import Iterator

from queuedesk.core.errors import OutsideError
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.features.kiosk.pages.controller import RING_S
from tests.features.kiosk.conftest import Kiosk
from tests.hall import ADMIN


def pages(kiosk: Kiosk) -> Iterator[str]:
    """Lead through every page and every sheet; the name of each while it is seen."""
    does = kiosk.does
    yield "greeting"
    for side in ("where", "info", "priority", "several", "large"):
        kiosk.side(side)
        yield side
        if side == "several":
            kiosk.service("B")
            yield "several, one chosen"
        if side == "large":
            kiosk.touch(kiosk.view.greeting.help_key)
            yield "large, help"
        does.home()
    kiosk.side("where")
    kiosk.pad("A001")
    yield "where, found"
    does.place.clear()
    kiosk.pad("A777")
    yield "where, not found"
    does.home()
    kiosk.side("info")
    yield "info"
    for _row in range(2 if kiosk.stage == "find" else 0):
        kiosk.touch(kiosk.view.search.rows[1])
        yield "info"
    does.home()
    does.open_find()
    for letter in "zzz":
        does.type_letter(letter)
    yield "nothing found"
    does.home()
    kiosk.side("help")
    yield "help"
    does.open_words()
    yield "words"
    does.writing.write("a few words " * 16)
    yield "words, written"
    does.writing.given.emit()
    yield "words, given"
    does.home()
    kiosk.side("where")
    kiosk.pass_seconds(60)
    yield "still there"
    kiosk.pass_seconds(RING_S)
    does.apologise(OutsideError("database_away"))
    yield "sorry"
    does.home()
    kiosk.service("A")
    yield "ticket"
    kiosk.next_customer()
    kiosk.paper.trouble = OutsideError("no_printer", printer="P")
    kiosk.service("B")
    yield "ticket to note"
    does.home()
    kiosk.service("B")
    yield "another"
    kiosk.paper.trouble = None
    does.home()
    kiosk.side("several")
    for code in "BCA":
        kiosk.service(code)
    kiosk.touch(kiosk.view.greeting.take_key)
    yield "ticket for three services"
    label = kiosk.view.ticket.label
    does.home()
    kiosk.side("where")
    kiosk.pad(label)
    yield "where, of three services"
    does.home()
    does.lock.is_locked = True
    does.ask_to_leave(lambda: None)
    does.lock.give("1")
    yield "PIN"
    does.home()


def where_the_hall_wants_it(kiosk: Kiosk) -> Iterator[str]:
    """Lead through what a hall has to switch on."""
    kiosk.meanwhile("set-setting", "kiosk_postpone", "on", who=ADMIN)
    kiosk.side("where")
    kiosk.pad("A001")
    yield "may let one go first"
    for state in ("lets", "let"):
        kiosk.touch(kiosk.view.where.postpone_key)
        yield f"{state} one go first"
    kiosk.next_customer()
    kiosk.meanwhile("set-setting", "kiosk_fetch", "on", who=ADMIN)
    kiosk.service("B")
    yield "ticket, to be fetched"
    kiosk.touch(kiosk.view.ticket.fetch_key)
    yield "why fetched"
    kiosk.next_customer()
    kiosk.meanwhile("set-setting", "one_number", "on", who=ADMIN)
    kiosk.service("A")
    yield "whose number"
    kiosk.type_in("13800138000")
    yield "whose number, typed"
    kiosk.answer("no")
    kiosk.hall.do("set-setting", "one_number", "off", who=ADMIN)
    kiosk.hall.do("set-row", "services", "A", {"elsewhere": [*CHANNELS]}, who=ADMIN)
    kiosk.hall.queue(*"AAAAAAAA")
    kiosk.meanwhile("set-setting", "peak_minutes", 1, who=ADMIN)
    kiosk.pass_seconds(11)
    kiosk.service("A")
    yield "other ways"
    kiosk.answer("to bank")
    yield "goes elsewhere"
    kiosk.does.home()
