"""Each page of the kiosk in words and figures, from what the controller knows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import hallday
from queuedesk.core.queue.dispatch import NoWait, Wait, people_before_in, wait_from_document
from queuedesk.core.queue.offers import Reach, closes_at, reach_of_wait
from queuedesk.core.queue.overview import set_up, standing
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.talk.device import DISPLAY, VOICE, calling_ways
from queuedesk.core.talk.number_block import WindowWords
from queuedesk.features.kiosk.pages import taking
from queuedesk.features.kiosk.pages.controller import KioskController, Stage
from queuedesk.features.kiosk.pages.keys import LEAST_PX, PlainText, RowText, ServiceText
from queuedesk.features.kiosk.pages.sheets import closed_title, instead_text, refusal_texts
from queuedesk.features.kiosk.pages.stage import FindText, InfoText, Part, Point
from queuedesk.features.kiosk.pages.taking import (
    GroupFacts,
    IssuedTicket,
    Key,
    Paper,
    PlaceEnquiry,
    Postponing,
    Row,
    ServiceFacts,
)
from queuedesk.features.kiosk.pages.view import GreetingText, TicketText, WhereText
from queuedesk.i18n import (
    _,
    date_long,
    listing,
    n_,
    named,
    say,
    ticket_state,
    time_hm,
)
from queuedesk.i18n.calendar_words import days_ahead_text
from queuedesk.i18n.names import (
    class_name,
    hours_lines,
    item_name,
    letter_of,
    service_name,
    window_words,
    windows_words,
)
from queuedesk.i18n.queue.line_words import (
    about_word,
    ahead_in_all,
    ahead_shown,
    is_close,
    shares_line,
    shares_windows,
    spoken_wait,
    then_words,
    wait_word,
    wait_words,
    why_now,
)
from queuedesk.stations.models import search
from queuedesk.stations.models.service_words import (
    able_windows,
    near_days_texts,
    until_text,
)
from queuedesk.stations.widgets.panels import TextRun
from queuedesk.stations.window.frame import LANGUAGE_NAMES

# From 65 px on letters stand closer, and the joiners round a range's dash would pull it onto its figures.
BIG, UNIT = 64.0, 48.0
FURTHER_SHOWN = 2
"""So many further services of a visit have a row of their own; the line below the number names them all."""
Fact = tuple[str, tuple[TextRun, ...]]


def ahead_fact(word: str, ahead: int) -> Fact:
    """Return how many are ahead."""
    unit = n_("person", "people", ahead, context="after the number")
    return word, (TextRun(str(ahead), BIG, True), TextRun(unit, UNIT, gap=18))


def wait_fact(about: str, word: str, wait: Wait | NoWait, ahead: int) -> Fact:
    """Return the wait, or "—" with the reason; under `about` a range, under `word` what is none."""
    before, figure, unit = wait_words(wait, ahead=ahead)
    if not isinstance(wait, Wait):
        return word, (TextRun("—", BIG, True), TextRun(figure, UNIT, gap=18))
    if is_close(wait):
        return about, (TextRun(figure, BIG, True), TextRun(unit, UNIT, gap=18))
    runs = [TextRun(before, UNIT)] if before else []
    runs.append(TextRun(figure, BIG, True, gap=18 if before else 0))
    return word, (*runs, TextRun(unit, UNIT, gap=18)) if unit else tuple(runs)


def _window_facts(word: str, there: WindowWords | None) -> tuple[Fact, ...]:
    """Return where to go and the way there, nothing where no window serves."""
    if there is None:
        return ()
    parts = ((there.before, UNIT, False), (there.number, BIG, True), (there.behind, UNIT, False))
    runs = [TextRun(text, px, bold, gap=18) for text, px, bold in parts if text]
    facts = [(word, (replace(runs[0], gap=0), *runs[1:]))]
    return (*facts, (_("The way"), (TextRun(there.zone, UNIT, True),))) if there.zone else tuple(facts)


def told_facts(
    state: HallState, services: Sequence[str], ahead: int | None, wait: Wait | NoWait, *, coming: bool = False
) -> tuple[Fact, ...]:
    """Return the facts on the card of a new ticket: of its first service, and what comes after it. `coming`: some of
    those ahead go on to it from another service."""
    service, several = services[0], len(services) > 1
    word = _("Ahead, in all") if coming or _is_shared(state, service) else _("Ahead of you")
    facts = [ahead_fact(word, ahead)] if ahead is not None and ahead_shown(wait, ahead) else []
    about, plain = _("About", context="wait"), _("Wait", context="kiosk")
    if several:
        about, plain = about_word(several), wait_word(several)
    facts.append(wait_fact(about, plain, wait, ahead or 0))
    return (*facts, *_called_facts(state, service), *_further_facts(state, services[1:]))


def _is_shared(state: HallState, service: str) -> bool:
    return shares_windows(set_up(state), able_windows(state, service))


def _further_facts(state: HallState, services: Sequence[str]) -> tuple[Fact, ...]:
    """Return the further services of a visit, each with its windows; of many the first."""
    facts: list[Fact] = []
    for service in services[:FURTHER_SHOWN]:
        there = windows_words(set_up(state), able_windows(state, service))
        facts.extend(_window_facts(then_words(service_name(set_up(state), service)), there)[:1])
    return tuple(facts)


def _called_facts(state: HallState, service: str) -> tuple[Fact, ...]:
    return _window_facts(_("When called"), windows_words(set_up(state), able_windows(state, service)))


def place_facts(state: HallState, ticket: Ticket, now: datetime) -> tuple[Fact, ...]:
    """Return a ticket's position as figures; () if a sentence says it."""
    if ticket.state is State.WAITING:
        stands = standing(state, ticket, now)
        is_shared = stands.coming > 0 or _is_shared(state, ticket.service)
        word = _("Still ahead, in all") if is_shared else _("Still ahead of you")
        return (
            ahead_fact(word, stands.before),
            wait_fact(_("About, from now"), _("From now"), stands.wait, stands.before),
            *_called_facts(state, ticket.service),
            *_further_facts(state, ticket.steps[:1]),
        )
    if ticket.state in (State.CALLED, State.SERVING) and ticket.window:
        word = _("Please go now to") if ticket.state is State.CALLED else _("Being served at")
        return _window_facts(word, window_words(set_up(state), ticket.window))
    return ()


# -- the keys of the greeting --
def service_text(
    setup: Setup, facts: ServiceFacts, now: datetime, *, order: int | None = None, held: bool = False
) -> ServiceText:
    """Return the text of a service's key; `order` is its place among several chosen, 0 while it is not, None elsewhere;
    `held`: it was just touched."""
    spec = setup.services[facts.code]
    name = service_name(setup, facts.code)
    if facts.trouble is not None:
        instead = instead_text(setup, facts.trouble, now)
        letter = letter_of(setup, facts.code)
        return ServiceText(name=name, letter=letter, instead=instead, spoken=listing((name, instead)))
    note = too_late_text(setup, spec, facts.wait, now) or until_text(setup, spec, now)
    people = n_("{n} person waiting", "{n} people waiting", facts.waiting)
    if shares_line(facts.waiting, facts.ahead, facts.wait):
        people = ahead_in_all(facts.ahead)
    return ServiceText(
        name=name,
        letter=letter_of(setup, facts.code),
        about=named(spec.about, spec.about_en),
        figures=_figures(facts),
        short=_figures(facts, short=True),
        note=note,
        order=order or 0,
        toggles=order is not None,
        chosen=bool(order) or held,
        spoken=listing([part for part in (name, people, spoken_wait(facts.wait, ahead=facts.ahead), note) if part]),
    )


def group_text(setup: Setup, facts: GroupFacts) -> ServiceText:
    """Return the text of a group's key."""
    first = setup.services[facts.services[0].code]
    name = named(first.group, first.group_en)
    about = listing([service_name(setup, one.code) for one in facts.services])
    waiting = n_("{n} person waiting", "{n} people waiting", facts.waiting)
    unit = n_("waiting", "waiting", facts.waiting, context="after the number")
    figures = (TextRun(str(facts.waiting), LEAST_PX, True), TextRun(unit, LEAST_PX, gap=12))
    return ServiceText(name=name, about=about, figures=figures, short=figures, spoken=listing((name, waiting)))


def _figures(facts: ServiceFacts, *, short: bool = False) -> tuple[TextRun, ...]:
    """Return "9 waiting · 10–15 min" with its figures bold; `short` for a narrow key."""
    if shares_line(facts.waiting, facts.ahead, facts.wait):
        runs = _ahead_runs(facts.ahead, short=short)
    else:
        unit = n_("waiting", "waiting", facts.waiting, context="after the number")
        if short:
            unit = n_("person", "people", facts.waiting, context="after the number")
        runs = [TextRun(str(facts.waiting), LEAST_PX, True), TextRun(unit, LEAST_PX, gap=12)]
    runs.append(TextRun("·", LEAST_PX, gap=10))
    before, figure, unit = wait_words(facts.wait, ahead=facts.ahead)
    if before and not (short and isinstance(facts.wait, Wait) and is_close(facts.wait)):
        runs.append(TextRun(before, LEAST_PX, gap=10))
    runs.append(TextRun(figure, LEAST_PX, isinstance(facts.wait, Wait), gap=12 if before else 10))
    return (*runs, TextRun(unit, LEAST_PX, gap=12)) if unit else tuple(runs)


def _ahead_runs(ahead: int, *, short: bool) -> list[TextRun]:
    """Return "19 ahead in all" with its figure bold."""
    words = n_("{n} ahead", "{n} ahead", ahead) if short else ahead_in_all(ahead)
    before, figure, after = (part.strip() for part in words.partition(str(ahead)))
    runs = [TextRun(before, LEAST_PX)] if before else []
    return [*runs, TextRun(figure, LEAST_PX, True, gap=12 if before else 0), TextRun(after, LEAST_PX, gap=12)]


# -- where am I in line, in words --
def place_sentence(setup: Setup, ticket: Ticket) -> str:
    """Return what to do with a ticket that neither waits nor is at a window."""
    service = setup.services.get(ticket.service)
    if ticket.state is State.MISSED and service is not None and not ticket.may_come_back(service.max_returns):
        return _("You missed your call. Please take a new ticket.")
    if ticket.state is State.MISSED:
        return _("You missed your call. Please go to the front desk: your number still counts.")
    if ticket.state is State.PARKED:
        return _("Your visit is on hold. We will continue with you at the window; please stay nearby.")
    if ticket.state is State.FINISHED:
        return _("This ticket is finished. For anything else, please take a new one.")
    if ticket.state in (State.LEFT, State.VOID):
        return _("No longer in line. Please take a new ticket, or ask at the front desk.")
    return ""


def typing_sentence(prefix: str, missing: int, example: str) -> str:
    """Return how to continue typing."""
    if not prefix:
        return _("Please enter the letter and digits of your number, such as {example}.", example=example)
    return n_("{n} more digit", "{n} more digits", missing, context="kiosk")


# -- papers, steps, fees, hours: their parts ---------------------------------------------------------------------------

_A_MONDAY = date(2024, 1, 1)


def row_text(setup: Setup, row: Row, *, listed: str = "") -> RowText:
    """Return the row of a service or item; `listed` is the service whose items are listed."""
    service, item = row
    if item is not None:
        name = item_name(setup, service, item)
        if listed:
            return RowText(name=name)
        return RowText(
            name=name, letter=letter_of(setup, service), spoken=listing((name, service_name(setup, service)))
        )
    name = service_name(setup, service)
    if listed:
        return RowText(name=_("{service}: in general", service=name))
    count = len(setup.services[service].items)
    second = n_("{n} topic", "{n} topics", count, context="kiosk") if count else ""
    return RowText(name=name, letter=letter_of(setup, service), second=second)


def parts(setup: Setup, service: str, item: str | None, today: date) -> tuple[Part, ...]:
    """Return what there is to read, in the order in which people ask: papers, steps, fees, hours."""
    spec = setup.services[service]
    of = service_name(setup, service) if item is not None else ""
    found = [_papers(spec, item), _steps(spec, of), _fees(spec, of), _hours(setup, spec, today)]
    message = named(spec.message, spec.message_en)
    if message:
        found.insert(0, Part(title=_("No ticket needed"), points=(Point(words=message),)))
    return tuple(part for part in found if part is not None)


def _papers(spec: Service, item: str | None) -> Part | None:
    own = next((one.papers for one in spec.items if one.code == item), ())
    papers = own or spec.papers
    points = tuple(
        Point(words=named(paper.name, paper.name_en), note=named(paper.note, paper.note_en), number=number)
        for number, paper in enumerate(papers, start=1)
    )
    beside = []
    if spec.papers_version:
        beside.append(_("version {version}", version=spec.papers_version))
    if spec.papers_date:
        beside.append(date_long(date.fromisoformat(spec.papers_date)))
    return Part(title=_("Please bring"), beside=" · ".join(beside), points=points) if points else None


def _steps(spec: Service, of: str) -> Part | None:
    lines = [line.strip() for line in named(spec.steps, spec.steps_en).splitlines() if line.strip()]
    points = tuple(Point(words=line, number=number) for number, line in enumerate(lines, start=1))
    return Part(title=_of(_("Steps"), of), points=points) if points else None


def _of(title: str, service: str) -> str:
    """Return a title that says of which service it is, on the page of one of its items."""
    return _("{title}: {service}", title=title, service=service, context="papers") if service else title


def _fees(spec: Service, of: str) -> Part | None:
    lines = [line.strip() for line in named(spec.fees, spec.fees_en).splitlines() if line.strip()]
    return Part(title=_of(_("Fees"), of), points=tuple(Point(words=line) for line in lines)) if lines else None


def _hours(setup: Setup, spec: Service, today: date) -> Part:
    lines = [*hours_lines(setup, spec), days_ahead_text(setup.calendar, today)]
    return Part(title=_("Hours"), points=tuple(Point(words=line) for line in lines if line))


def _all_hours(does: KioskController) -> InfoText:
    """Return the page of all hours: once where all services have the same."""
    setup = does.setup
    ahead = days_ahead_text(setup.calendar, setup.local(does.now()).date())
    said = [(service_name(setup, code), hours_lines(setup, spec)) for code, spec in setup.services.items()]
    if len({lines for _name, lines in said}) == 1:
        said = [(_("All services"), said[0][1])]
    shown = [Part(title=name, points=tuple(Point(words=line) for line in lines)) for name, lines in said]
    if ahead:
        shown.insert(0, Part(title=_("Coming days", context="kiosk"), points=(Point(words=ahead),)))
    return InfoText(
        title=_reading(setup),
        back=_("Back"),
        parts=tuple(shown),
        print=_quiet_key(does),
        take=None,
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
    )


_GROUP = "group "


def group_of(code: str) -> str:
    """Return the group of a key's code, "" for a service's."""
    return code.removeprefix(_GROUP) if code.startswith(_GROUP) else ""


# -- greeting --
def greeting(does: KioskController, language: str) -> GreetingText:
    """Return the greeting, or the services of a group; `language` is the one that the key offers, "" for
    none."""
    setup = does.setup
    found = does.services()
    keys: list[Key] = list(taking.shelf(setup, list(found.values())))
    in_group = does.stage is Stage.GROUP
    if does.several:
        keys = list(found.values())
    elif in_group:
        keys = [facts for code, facts in found.items() if setup.services[code].group == does.group]
    shown = tuple(_key(does, key) for key in keys)
    more = PlainText(words=_("More services"), icon="more")
    if does.several:
        return _several(does, shown, more)
    different = next(iter(near_days_texts(setup, does.now())), "")
    touch, short = _("Touch to get a ticket"), ""
    if any(facts.trouble is None and isinstance(facts.wait, Wait) for facts in found.values()):
        short, touch = touch, _("Touch to get a ticket. Waits count from now.")
    title, second = _("What do you need today?"), different or touch
    closed = closed_title(setup, found.values(), does.now())
    if closed:
        title, second = closed, different or _readable_now(setup)
    if does.klass != taking.NORMAL:
        second = _("Your ticket: {class_name}", class_name=class_name(setup, does.klass))
    return GreetingText(
        title=_group_title(setup, does.group) if in_group else title,
        second=second,
        short=short if second == touch else "",
        back=_("Back") if in_group else "",
        keys=shown,
        sides=() if does.large else _sides(does, language, len(found)),
        more=more,
        help=help_key(does) if does.large and not in_group else None,
        large=does.large,
    )


def _several(does: KioskController, shown: tuple[tuple[str, ServiceText], ...], more: PlainText) -> GreetingText:
    count = len(does.chosen)
    take = PlainText(words=_("Choose the services first"), dashed=True)
    if count:
        take = PlainText(words=n_("Get a ticket for {n} service", "Get one ticket for {n} services", count))
    title = _("Which services, in which order?")
    return GreetingText(title=title, back=_("Back"), keys=shown, more=more, take=take)


def _key(does: KioskController, key: Key) -> tuple[str, ServiceText]:
    if isinstance(key, GroupFacts):
        return f"{_GROUP}{key.name}", group_text(does.setup, key)
    order = None
    if does.several:
        order = does.chosen.index(key.code) + 1 if key.code in does.chosen else 0
    held = does.held is not None and does.held.services == (key.code,)
    return key.code, service_text(does.setup, key, does.now(), order=order, held=held)


def _group_title(setup: Setup, group: str) -> str:
    first = next((one for one in setup.services.values() if one.group == group), None)
    return named(first.group, first.group_en) if first else group


def _sides(does: KioskController, language: str, count: int) -> tuple[tuple[str, PlainText], ...]:
    setup = does.setup
    sides = [
        ("where", PlainText(words=_("Where am I in line?"), icon="people")),
        ("info", PlainText(words=_reading(setup), icon="document")),
    ]
    if taking.priority_classes(setup):
        klass = does.klass if does.klass != taking.NORMAL else ""
        said = class_name(setup, klass) if klass else _("Priority", context="kiosk")
        name = _("Priority: {class_name}", class_name=said) if klass else _("Priority for those who need it")
        sides.append(("priority", PlainText(words=said, icon="star", name=name, toggles=True, chosen=bool(klass))))
    if count > 1:
        sides.append(("several", PlainText(words=_("Several services"), icon="plus")))
    sides.append(("help", help_key(does)))
    if (speech := does.context.services.speech) is not None and speech.can_speak():
        name = _("Read aloud, through headphones if some are plugged in")
        listen = PlainText(words=_("Read aloud"), icon="ear", name=name, toggles=True, chosen=does.listens)
        sides.append(("listen", listen))
    sides += [
        ("large", PlainText(words=_("Large text"), icon="text-size")),
        ("contrast", PlainText(words=_("High contrast"), icon="contrast", toggles=True, chosen=does.contrast)),
    ]
    if language:
        sides.append(("language", PlainText(words=LANGUAGE_NAMES[language])))
    return tuple(sides)


def help_key(does: KioskController) -> PlainText:
    """Return the key that calls for help, or the state of that call."""
    call = does.help.call
    if call is None:
        return PlainText(words=_("Ask for help"), icon="person")
    said = _("Help has been called") if call.is_unanswered else _("Help is coming")
    return PlainText(words=said, icon="person", chosen=True)


# -- the ticket --
def ticket(does: KioskController) -> TicketText:
    """Return the page of the ticket just given."""
    given = does.taking.given
    if given is None:
        raise ValueError("no ticket was given")
    setup, left = does.setup, does.ticket_left_s()
    titles = {
        Paper.PRINTING: _("Your ticket is being printed"),
        Paper.PRINTED: _("Please take your ticket"),
        Paper.MISSING: _("Please remember your number"),
    }
    ways = calling_ways(does.state.devices, is_spoken=setup.voice.spoken, is_simulated=setup.hall.simulated)
    last = _("Please take a seat. {call}", call=_call_words(ways))
    if given.paper is Paper.MISSING:
        last = _missing_words(given, ways, prints=does.taking.can_print())
    elif does.taking.is_slow():
        last = _("The printer is slow. Please write down {ticket}; it is valid without a slip.", ticket=given.label)
    item = given.document.get("item")
    name = service_name(setup, given.services[0])
    if item:
        name = f"{name} · {item_name(setup, given.services[0], item)}"
    if len(given.services) > 1:
        name = _(", then ", context="services").join(
            f"{letter_of(setup, code)} {service_name(setup, code)}" for code in given.services
        )
    second = _("closes in {n} s", n=left)
    return TicketText(
        title=titles[given.paper],
        label=given.label,
        service=name,
        facts=told_facts(
            does.state,
            given.services,
            None if given.document.get("ahead") is None else people_before_in(given.document),
            wait_from_document(given.document),
            coming=bool(given.document.get("coming")),
        ),
        last=last,
        done=PlainText(words=_("Done", context="kiosk"), second=second),
        fetch=_fetch_key(setup, given),
        to_note=given.paper is Paper.MISSING,
        is_ready=given.paper is not Paper.PRINTING,
    )


def _fetch_key(setup: Setup, given: IssuedTicket) -> PlainText | None:
    """Return the key to ask to be fetched, where the hall offers that."""
    if setup.settings["kiosk_fetch"] != "on":
        return None
    words = _("Someone will come and get you") if given.need else _("Please come and get me")
    return PlainText(words=words, icon="person", chosen=bool(given.need))


def _call_words(ways: Collection[str]) -> str:
    """Return by what a number will be called: only what is there."""
    if DISPLAY in ways:
        both = _("The display and the voice will call your number.")
        return both if VOICE in ways else _("The display will show your number.")
    return _("We will call your number.")


def _missing_words(given: IssuedTicket, ways: Collection[str], *, prints: bool) -> str:
    """Return what is said where no slip came out: the number counts all the same. Where nothing ever `prints` nobody
    expects one, and the title says to remember it."""
    if not prints:
        return _call_words(ways)
    missing = _("Nothing was printed. Please write down {ticket}; it is valid.", ticket=given.label)
    if given.trouble is not None and given.trouble.code == "no_printer":
        missing = say(given.trouble)
    return missing + "\n" + _call_words(ways)


# -- where am I in line --
def where(does: KioskController) -> WhereText:
    """Return the pad with the place in line of the typed number."""
    setup, found = does.setup, does.place.found()
    letters = search.prefixes(setup)
    example = hallday.label(letters[0] if letters else "", 34)
    prefix = does.place.number.rstrip("0123456789")
    missing = search.FEWEST_DIGITS - (len(does.place.number) - len(prefix))
    sentence = typing_sentence(prefix, missing, example)
    page = WhereText(
        title=_("Where am I in line?"),
        back=_("Back"),
        number=does.place.number,
        boxes=search.boxes_of(does.place.number),
        sentence=sentence,
        hint=_("Or hold the code on your ticket up to the scanner") if does.has_slips() else "",
        letters=letters,
        delete=_("Delete"),
        clear=_("Clear", context="key"),
        reprint=PlainText(words=_("To reprint a ticket, enter its number"), icon="print", dashed=True)
        if does.taking.can_print()
        else None,
    )
    if found.trouble is not None:
        return _with(page, sentence="\n".join(refusal_texts(setup, found.trouble, does.now())))
    own = found.ticket
    if own is None:
        return page
    other = _("For another ticket, enter its letter and digits")
    if does.has_slips():
        other = _("For another ticket, enter its letter and digits or scan its code")
    page = _with(page, hint=other)
    reprint = page.reprint
    if reprint is not None:
        waits = own.state is State.WAITING
        said = _("Reprint ticket {ticket}", ticket=own.label) if waits else _("Only a waiting ticket can be reprinted")
        if does.place.is_reprinted:
            said = _("Nothing was printed") if does.place.has_no_slip else _("Please take your ticket")
        reprint = PlainText(words=said, icon="print", dashed=does.place.is_reprinted or not waits)
    return _with(
        page,
        sentence=place_sentence(setup, own),
        state=str(own.state),
        state_word=ticket_state(str(own.state)),
        facts=place_facts(does.state, own, does.now()),
        reprint=reprint,
        postpone=_postpone_key(does.place),
        reason=why_now(does.state, own, does.now(), public=True) if own.state is State.WAITING else "",
    )


def _postpone_key(place: PlaceEnquiry) -> PlainText | None:
    if not place.may_postpone():
        return None
    words = {
        Postponing.NOT: _("Let the next person go first"),
        Postponing.ASKED: _("Touch again to confirm"),
        Postponing.DONE: _("Done: the next person goes first"),
    }
    asked = place.postponing is Postponing.ASKED
    done = place.postponing is Postponing.DONE
    return PlainText(words=words[place.postponing], icon="people", chosen=asked, dashed=done)


def _with(page: WhereText, **changes: object) -> WhereText:
    return replace(page, **changes)


# -- papers, steps, fees, hours --
def find(does: KioskController) -> FindText:
    """Return the list of what can be read about."""
    setup, finder = does.setup, does.finder
    listed = finder.service if not finder.query else ""
    title = service_name(setup, listed) if listed else _reading(setup)
    return FindText(
        title=title,
        back=_("Back"),
        query=finder.query,
        hint=_("Type a service or document") if taking.facts_there(setup)[0] else _("Type a service"),
        rows=tuple(row_text(setup, row, listed=listed) for row in finder.rows(setup)),
        empty=_("Nothing found. Please try other letters, or ask at the front desk."),
        delete=_("Delete"),
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
        page=_("Touch a service to read about it and when it is open. You need no ticket for that."),
        quiet=_quiet_key(does),
    )


def _reading(setup: Setup) -> str:
    """Return what services of the hall have to read, the hours where they have nothing else."""
    papers, fees, steps = taking.facts_there(setup)
    words = (
        papers and _("papers", context="kiosk"),
        fees and _("fees", context="kiosk"),
        steps and _("steps", context="kiosk"),
    )
    told = listing([word for word in words if word])
    return told[:1].upper() + told[1:] or _("Hours")


def _readable_now(setup: Setup) -> str:
    """Return what can be read while the hall is closed; its hours stand there already."""
    return _("{facts} can be read now too", facts=_reading(setup)) if any(taking.facts_there(setup)) else ""


def _quiet_key(does: KioskController) -> PlainText | None:
    if not (does.quiet_paper.is_known and does.taking.can_print()):
        return None
    said = {
        None: _("Print quiet times"),
        Paper.PRINTING: _("Printing"),
        Paper.PRINTED: _("Please take the slip"),
        Paper.MISSING: _("Nothing was printed"),
    }[does.quiet_paper.said]
    return PlainText(words=said, icon="print", dashed=does.quiet_paper.said is not None)


def info(does: KioskController) -> InfoText:
    """Return the information about one service or item, or the hours of all services."""
    setup, finder = does.setup, does.finder
    if finder.service not in setup.services:
        return _all_hours(does)
    service, item = finder.service, finder.item
    trouble = does.services()[service].trouble
    printing = None
    if does.taking.can_print() or does.info_paper.said is not None:
        said = {
            None: _("Print this list"),
            Paper.PRINTING: _("Printing"),
            Paper.PRINTED: _("Please take the list"),
            Paper.MISSING: _("Nothing was printed"),
        }[does.info_paper.said]
        printing = PlainText(words=said, icon="print", dashed=does.info_paper.said is not None)
    take = PlainText(words=_("Get a ticket"), icon="ticket", dashed=trouble is not None)
    return InfoText(
        title=item_name(setup, service, item) or service_name(setup, service),
        back=_("Back"),
        parts=parts(setup, service, item, setup.local(does.now()).date()),
        print=printing,
        take=take,
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
    )


def too_late_text(setup: Setup, service: Service, wait: Wait | NoWait, now: datetime) -> str:
    """Return that a ticket taken now may not be called before closing, "" while it will."""
    at = closes_at(setup, service, now)
    if at is None or reach_of_wait(setup, service, wait, now) is Reach.IN_TIME:
        return ""
    return _("may not be called today; we close at {time}", time=time_hm(setup.local(at)))
