"""Each page of the kiosk in words, from what the controller knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from queuedesk.core.queue import numbering
from queuedesk.core.queue.line import NoWait, Wait
from queuedesk.core.queue.ticket import State
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.core.setup.values import Hours, Service, Setup
from queuedesk.i18n import _, date_long, figure_range, listing, n_, named, say, ticket_state, weekday_short
from queuedesk.i18n.names import class_name, item_name, letter_of, service_name
from queuedesk.i18n.queue.line_words import why_now
from queuedesk.stations.kiosk import shelf, words
from queuedesk.stations.kiosk.controller import KioskController
from queuedesk.stations.kiosk.greeting_stage import GreetingText
from queuedesk.stations.kiosk.info_stage import FindText, InfoText, Part, Point
from queuedesk.stations.kiosk.keys import PlainText, RowText, ServiceText
from queuedesk.stations.kiosk.refusal_words import closed_title, sorry_texts
from queuedesk.stations.kiosk.shelf import GroupFacts, Key, Row
from queuedesk.stations.kiosk.steps import Stage
from queuedesk.stations.kiosk.taking import Given, Paper
from queuedesk.stations.kiosk.ticket_stage import TicketText
from queuedesk.stations.kiosk.where_stage import WhereText
from queuedesk.stations.models import typed_number
from queuedesk.stations.window.frame import LANGUAGE_NAMES

# Papers, steps, fees and hours in words, and the rows that lead to them.

_A_MONDAY = date(2024, 1, 1)
EVERY_DAY = frozenset(range(1, 8))


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
    second = n_("{n} item", "{n} items", count, context="kiosk") if count else ""
    return RowText(name=name, letter=letter_of(setup, service), second=second)


def parts(setup: Setup, service: str, item: str | None) -> tuple[Part, ...]:
    """Return what there is to read, in the order in which people ask: papers, steps, fees, hours."""
    spec = setup.services[service]
    found = [_papers(spec, item), _steps(spec), _fees(spec), _hours(setup, spec)]
    message = named(spec.message, spec.message_en)
    if message:
        found.insert(0, Part(title=_("No ticket needed"), points=(Point(words=message),)))
    return tuple(part for part in found if part is not None)


def _papers(spec: Service, item: str | None) -> Part:
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
    none = (Point(words=_("Nothing special; please ask at the front desk when in doubt.")),)
    return Part(title=_("Please bring"), beside=" · ".join(beside), points=points or none)


def _steps(spec: Service) -> Part | None:
    lines = [line.strip() for line in named(spec.steps, spec.steps_en).splitlines() if line.strip()]
    points = tuple(Point(words=line, number=number) for number, line in enumerate(lines, start=1))
    return Part(title=_("Steps"), points=points) if points else None


def _fees(spec: Service) -> Part | None:
    lines = [line.strip() for line in named(spec.fees, spec.fees_en).splitlines() if line.strip()]
    return Part(title=_("Fees"), points=tuple(Point(words=line) for line in lines)) if lines else None


def _hours(setup: Setup, spec: Service) -> Part:
    every_day = Hours(days=EVERY_DAY, start=setup.hall.opens, end=setup.hall.closes)
    spans: dict[tuple[int, ...], list[str]] = {}
    for hours in sorted(spec.hours or (every_day,), key=lambda one: (min(one.days), one.start)):
        span = figure_range(clock_text(hours.start), clock_text(hours.end))
        spans.setdefault(tuple(sorted(hours.days)), []).append(span)
    points = [Point(words=f"{_days(days)}  {listing(times)}") for days, times in spans.items()]
    if spec.last_ticket is not None:
        points.append(Point(words=_("Last ticket {time}", time=clock_text(spec.last_ticket))))
    return Part(title=_("Hours"), points=tuple(points))


def _days(days: tuple[int, ...]) -> str:
    if len(days) == len(EVERY_DAY):
        return _("Every day")
    names = [weekday_short(_A_MONDAY.replace(day=day)) for day in days]
    if len(days) > 1 and days[-1] - days[0] == len(days) - 1:
        return figure_range(names[0], names[-1])
    return listing(names)


_GROUP = "group "


def group_of(code: str) -> str:
    """Return the group that a key's code stands for, "" for a service's."""
    return code.removeprefix(_GROUP) if code.startswith(_GROUP) else ""


# -- greeting --
def greeting(does: KioskController, language: str) -> GreetingText:
    """Return the greeting, or the services of a group; `language` is the one that the key offers."""
    setup = does.setup
    found = does.services()
    keys: list[Key] = list(shelf.shelf(setup, list(found.values())))
    in_group = does.stage is Stage.GROUP
    if does.several:
        keys = list(found.values())
    elif in_group:
        keys = [facts for code, facts in found.items() if setup.services[code].group == does.group]
    shown = tuple(_key(does, key) for key in keys)
    more = PlainText(words=_("More services"), icon="more")
    if does.several:
        return _several(does, shown, more)
    title, second = _("What do you need today?"), _("Touch to get a ticket")
    closed = closed_title(setup, found.values(), does.now())
    if closed:
        title, second = closed, _("Papers, fees and steps can be read now too")
    if does.klass != shelf.NORMAL:
        second = _("Your ticket: {class_name}", class_name=class_name(setup, does.klass))
    return GreetingText(
        title=_group_title(setup, does.group) if in_group else title,
        second=second,
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
        return f"{_GROUP}{key.name}", words.group_text(does.setup, key)
    order = None
    if does.several:
        order = does.chosen.index(key.code) + 1 if key.code in does.chosen else 0
    held = does.held is not None and does.held.services == (key.code,)
    return key.code, words.service_text(does.setup, key, does.now(), order=order, held=held)


def _group_title(setup: Setup, group: str) -> str:
    first = next((one for one in setup.services.values() if one.group == group), None)
    return named(first.group, first.group_en) if first else group


def _sides(does: KioskController, language: str, count: int) -> tuple[tuple[str, PlainText], ...]:
    setup = does.setup
    sides = [
        ("where", PlainText(words=_("Where am I in line?"), icon="people")),
        ("info", PlainText(words=_("Papers, fees, steps"), icon="document")),
    ]
    if shelf.priority_classes(setup):
        klass = does.klass if does.klass != shelf.NORMAL else ""
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
        ("language", PlainText(words=LANGUAGE_NAMES[language])),
    ]
    return tuple(sides)


def help_key(does: KioskController) -> PlainText:
    """Return the key that calls somebody, or how that call stands."""
    call = does.help.call
    if call is None:
        return PlainText(words=_("Ask for help"), icon="person")
    words = _("Help is called") if call.is_unanswered else _("Help is coming")
    return PlainText(words=words, icon="person", chosen=True)


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
        Paper.MISSING: _("Please note your number"),
    }
    last = _("Please take a seat. The display and the voice will call your number.")
    if given.paper is Paper.MISSING:
        last = _missing_words(given)
    elif does.taking.is_slow():
        last = _("The printer is slow. Please note {ticket}; it is valid without a slip.", ticket=given.label)
    item = given.document.get("item")
    name = service_name(setup, given.services[0])
    if item:
        name = f"{name} · {item_name(setup, given.services[0], item)}"
    if len(given.services) > 1:
        name = _(", then ", context="services").join(
            f"{letter_of(setup, code)} {service_name(setup, code)}" for code in given.services
        )
    second = _("back to the start in {n} s", n=left)
    return TicketText(
        title=titles[given.paper],
        label=given.label,
        service=name,
        facts=words.told_facts(does.state, given.services[0], given.document.get("ahead"), _told(given)),
        last=last,
        done=PlainText(words=_("Done", context="kiosk"), second=second),
        to_note=given.paper is Paper.MISSING,
        is_ready=given.paper is not Paper.PRINTING,
    )


def _missing_words(given: Given) -> str:
    """Return what is said where no slip came out: the number counts all the same."""
    missing = _("No paper came out. Please note {ticket}; it is valid.", ticket=given.label)
    if given.trouble is not None and given.trouble.code == "no_printer":
        missing = say(given.trouble)
    return missing + "\n" + _("The display and the voice will call your number.")


def _told(given: Given) -> Wait | NoWait:
    wait = given.document.get("wait")
    if not wait:
        return NoWait(str(given.document.get("wait_reason") or ""))
    return Wait(low=wait["low"], high=wait["high"], point_s=round(wait["point"] * 60))


# -- where am I in line --
def where(does: KioskController) -> WhereText:
    """Return the pad with the place in line of what was typed."""
    setup, found = does.setup, does.place.found()
    letters = typed_number.prefixes(setup)
    example = numbering.label(letters[0] if letters else "", 34)
    prefix = does.place.number.rstrip("0123456789")
    missing = typed_number.FEWEST_DIGITS - (len(does.place.number) - len(prefix))
    sentence = words.typing_sentence(prefix, missing, example)
    page = WhereText(
        title=_("Where am I in line?"),
        back=_("Back"),
        number=does.place.number,
        sentence=sentence,
        hint=_("Or hold the code on your ticket in front of the scanner"),
        letters=letters,
        delete=_("Delete"),
        clear=_("Clear", context="key"),
        reprint=PlainText(words=_("To print it again, enter its number"), icon="print", dashed=True)
        if does.taking.can_print()
        else None,
    )
    if found.trouble is not None:
        return _with(page, sentence="\n".join(sorry_texts(setup, found.trouble, does.now())))
    own = found.ticket
    if own is None:
        return page
    page = _with(page, hint=_("Another ticket: letter and digits, or scan its code"))
    reprint = page.reprint
    if reprint is not None:
        waits = own.state is State.WAITING
        said = (
            _("Print ticket {ticket} again", ticket=own.label) if waits else _("Only a waiting ticket is printed again")
        )
        if does.place.is_reprinted:
            said = _("Please take your ticket")
        reprint = PlainText(words=said, icon="print", dashed=does.place.is_reprinted or not waits)
    return _with(
        page,
        sentence=words.place_sentence(own),
        state=str(own.state),
        state_word=ticket_state(str(own.state)),
        facts=words.place_facts(does.state, own, does.now()),
        reprint=reprint,
        reason=why_now(does.state, own, does.now(), public=True) if own.state is State.WAITING else "",
    )


def _with(page: WhereText, **changes: object) -> WhereText:
    return replace(page, **changes)  # type: ignore[arg-type]


# -- papers, steps, fees, hours --
def find(does: KioskController) -> FindText:
    """Return what can be read about."""
    setup, finder = does.setup, does.finder
    listed = finder.service if not finder.query else ""
    title = service_name(setup, listed) if listed else _("Papers, fees, steps")
    return FindText(
        title=title,
        back=_("Back"),
        query=finder.query,
        hint=_("Type letters of a name or a paper"),
        rows=tuple(row_text(setup, row, listed=listed) for row in finder.rows(setup)),
        empty=_("Nothing found. Please try other letters, or ask at the front desk."),
        delete=_("Delete"),
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
        page=_(
            "Touch a service to read what to bring, what it costs and when it is open. You need no ticket for that."
        ),
    )


def info(does: KioskController) -> InfoText:
    """Return what is to be read about one service or item."""
    setup, finder = does.setup, does.finder
    service, item = finder.service, finder.item
    trouble = does.services()[service].trouble
    printing = None
    if does.taking.can_print() or does.info_paper.said is not None:
        said = {
            None: _("Print this list"),
            Paper.PRINTING: _("Being printed"),
            Paper.PRINTED: _("Please take the list"),
            Paper.MISSING: _("No paper came out"),
        }[does.info_paper.said]
        printing = PlainText(words=said, icon="print", dashed=does.info_paper.said is not None)
    take = PlainText(words=_("Get a ticket"), icon="ticket", dashed=trouble is not None)
    return InfoText(
        title=item_name(setup, service, item) or service_name(setup, service),
        back=_("Back"),
        parts=parts(setup, service, item),
        print=printing,
        take=take,
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
    )
