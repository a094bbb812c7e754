"""Each page of the kiosk in words and figures, from what the controller knows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch, hallday
from queuedesk.core.queue.offers import CallBeforeClosingVerdict, called_before_closing_verdict, next_closing_time_today
from queuedesk.core.queue.overview import line_position_and_wait, set_up
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.talk.device import DISPLAY, VOICE, working_call_devices
from queuedesk.core.talk.number_block import WindowLabel
from queuedesk.features.kiosk.pages import controller, sheets, taking
from queuedesk.features.kiosk.pages.keys import LEAST_PX, PlainKeyText, RowText, ServiceText
from queuedesk.features.kiosk.pages.stage import InfoLine, InfoPart, InformationPageText, SearchPageText
from queuedesk.features.kiosk.pages.view import GreetingText, LinePlacePageText, TicketPageText
from queuedesk.i18n import _, date_long, error_sentence, list_text, n_, name_in_language, ticket_state_word, time_hm
from queuedesk.i18n.calendar_words import upcoming_special_days_text
from queuedesk.i18n.names import (
    combined_windows_words,
    item_name,
    priority_class_name,
    service_hours_lines,
    service_letter_or_code,
    service_name,
    window_label_for_customers,
)
from queuedesk.i18n.queue import line_words
from queuedesk.i18n.talk import device_down_cause_words
from queuedesk.stations import service_search
from queuedesk.stations.service_search import active_windows_serving, tickets_until_text, unusual_day_sentences
from queuedesk.stations.widgets.panels import TextRun
from queuedesk.stations.window.frame import LANGUAGE_NAMES

# From 65 px on letters stand closer, and the joiners round a range's dash would pull it onto its figures.
BIG, UNIT = 64.0, 48.0
FURTHER_SHOWN = 2
"""So many further services of a visit have a row of their own; the line below the number names them all."""
Fact = tuple[str, tuple[TextRun, ...]]


def people_ahead_fact(word: str, ahead: int) -> Fact:
    """Return how many are ahead."""
    unit = n_("person", "people", ahead, context="after the number")
    return word, (TextRun(str(ahead), BIG, True), TextRun(unit, UNIT, gap=18))


def wait_fact(about: str, word: str, wait: dispatch.QuotedWait | dispatch.NoQuoteReason, ahead: int) -> Fact:
    """Return the wait, or "—" with the reason; under `about` a range, under `word` what is none."""
    before, figure, unit = line_words.wait_words(wait, ahead=ahead)
    if not isinstance(wait, dispatch.QuotedWait):
        return word, (TextRun("—", BIG, True), TextRun(figure, UNIT, gap=18))
    if line_words.has_close_wait_ends(wait):
        return about, (TextRun(figure, BIG, True), TextRun(unit, UNIT, gap=18))
    runs = [TextRun(before, UNIT)] if before else []
    runs.append(TextRun(figure, BIG, True, gap=18 if before else 0))
    return word, (*runs, TextRun(unit, UNIT, gap=18)) if unit else tuple(runs)


def _window_facts(word: str, there: WindowLabel | None) -> tuple[Fact, ...]:
    """Return where to go and the way there, nothing where no window serves."""
    if there is None:
        return ()
    parts = ((there.before, UNIT, False), (there.number, BIG, True), (there.behind, UNIT, False))
    runs = [TextRun(text, px, bold, gap=18) for text, px, bold in parts if text]
    facts = [(word, (replace(runs[0], gap=0), *runs[1:]))]
    return (*facts, (_("The way"), (TextRun(there.zone, UNIT, True),))) if there.zone else tuple(facts)


def new_ticket_facts(
    state: HallState,
    services: Sequence[str],
    ahead: int | None,
    wait: dispatch.QuotedWait | dispatch.NoQuoteReason,
    *,
    coming: bool = False,
) -> tuple[Fact, ...]:
    """Return the facts on the card of a new ticket: of its first service, and what comes after it. `coming`: some of
    those ahead go on to it from another service."""
    service, several = services[0], len(services) > 1
    word = _("Ahead, in all") if coming or _has_shared_windows(state, service) else _("Ahead of you")
    facts = (
        [people_ahead_fact(word, ahead)] if ahead is not None and line_words.is_ahead_count_shown(wait, ahead) else []
    )
    about, plain = _("About", context="wait"), _("Wait", context="kiosk")
    if several:
        about, plain = line_words.about_wait_label(several), line_words.wait_label_word(several)
    facts.append(wait_fact(about, plain, wait, ahead or 0))
    return (*facts, *_where_called_facts(state, service), *_further_services_facts(state, services[1:]))


def _has_shared_windows(state: HallState, service: str) -> bool:
    return line_words.has_windows_of_several_services(set_up(state), active_windows_serving(state, service))


def _further_services_facts(state: HallState, services: Sequence[str]) -> tuple[Fact, ...]:
    """Return the further services of a visit, each with its windows; of many the first."""
    facts: list[Fact] = []
    for service in services[:FURTHER_SHOWN]:
        there = combined_windows_words(set_up(state), active_windows_serving(state, service))
        facts.extend(_window_facts(line_words.then_service_text(service_name(set_up(state), service)), there)[:1])
    return tuple(facts)


def _where_called_facts(state: HallState, service: str) -> tuple[Fact, ...]:
    return _window_facts(
        _("When called"), combined_windows_words(set_up(state), active_windows_serving(state, service))
    )


def ticket_position_facts(state: HallState, ticket: Ticket, now: datetime) -> tuple[Fact, ...]:
    """Return a ticket's position as figures; () if a sentence says it."""
    if ticket.state is TicketState.WAITING:
        stands = line_position_and_wait(state, ticket, now)
        is_shared = stands.coming > 0 or _has_shared_windows(state, ticket.service)
        word = _("Still ahead, in all") if is_shared else _("Still ahead of you")
        return (
            people_ahead_fact(word, stands.ahead_and_coming_count),
            wait_fact(_("About, from now"), _("From now"), stands.wait, stands.ahead_and_coming_count),
            *_where_called_facts(state, ticket.service),
            *_further_services_facts(state, ticket.steps[:1]),
        )
    if ticket.state in (TicketState.CALLED, TicketState.SERVING) and ticket.window:
        word = _("Please go now to") if ticket.state is TicketState.CALLED else _("Being served at")
        return _window_facts(word, window_label_for_customers(set_up(state), ticket.window))
    return ()


# -- the keys of the greeting --
def service_key_text(
    setup: Setup, facts: taking.ServiceFacts, now: datetime, *, order: int | None = None, held: bool = False
) -> ServiceText:
    """Return the text of a service's key; `order` is its place among several chosen, 0 while it is not, None elsewhere;
    `held`: it was just touched."""
    spec = setup.services[facts.code]
    name = service_name(setup, facts.code)
    if facts.trouble is not None:
        instead = sheets.short_reason_ticket_is_refused(setup, facts.trouble, now)
        letter = service_letter_or_code(setup, facts.code)
        return ServiceText(name=name, letter=letter, instead=instead, spoken=list_text((name, instead)))
    note = may_be_too_late_text(setup, spec, facts.wait, now) or tickets_until_text(setup, spec, now)
    people = n_("{n} person waiting", "{n} people waiting", facts.waiting)
    if line_words.is_waiting_count_misleading(facts.waiting, facts.ahead, facts.wait):
        people = line_words.total_ahead_text(facts.ahead)
    return ServiceText(
        name=name,
        letter=service_letter_or_code(setup, facts.code),
        about=name_in_language(spec.about, spec.about_en),
        figures=_waiting_and_wait_runs(facts),
        short=_waiting_and_wait_runs(facts, short=True),
        note=note,
        order=order or 0,
        toggles=order is not None,
        chosen=bool(order) or held,
        spoken=list_text(
            [
                part
                for part in (name, people, line_words.screen_reader_wait_text(facts.wait, ahead=facts.ahead), note)
                if part
            ]
        ),
    )


def group_key_text(setup: Setup, facts: taking.GroupFacts) -> ServiceText:
    first = setup.services[facts.services[0].code]
    name = name_in_language(first.group, first.group_en)
    about = list_text([service_name(setup, one.code) for one in facts.services])
    waiting = n_("{n} person waiting", "{n} people waiting", facts.waiting_count)
    unit = n_("waiting", "waiting", facts.waiting_count, context="after the number")
    figures = (TextRun(str(facts.waiting_count), LEAST_PX, True), TextRun(unit, LEAST_PX, gap=12))
    return ServiceText(name=name, about=about, figures=figures, short=figures, spoken=list_text((name, waiting)))


def _waiting_and_wait_runs(facts: taking.ServiceFacts, *, short: bool = False) -> tuple[TextRun, ...]:
    """Return "9 waiting · 10–15 min" with its figures bold; `short` for a narrow key."""
    if line_words.is_waiting_count_misleading(facts.waiting, facts.ahead, facts.wait):
        runs = _ahead_count_text_runs(facts.ahead, short=short)
    else:
        unit = n_("waiting", "waiting", facts.waiting, context="after the number")
        if short:
            unit = n_("person", "people", facts.waiting, context="after the number")
        runs = [TextRun(str(facts.waiting), LEAST_PX, True), TextRun(unit, LEAST_PX, gap=12)]
    runs.append(TextRun("·", LEAST_PX, gap=10))
    before, figure, unit = line_words.wait_words(facts.wait, ahead=facts.ahead)
    if before and not (
        short and isinstance(facts.wait, dispatch.QuotedWait) and line_words.has_close_wait_ends(facts.wait)
    ):
        runs.append(TextRun(before, LEAST_PX, gap=10))
    runs.append(TextRun(figure, LEAST_PX, isinstance(facts.wait, dispatch.QuotedWait), gap=12 if before else 10))
    return (*runs, TextRun(unit, LEAST_PX, gap=12)) if unit else tuple(runs)


def _ahead_count_text_runs(ahead: int, *, short: bool) -> list[TextRun]:
    """Return "19 ahead in all" with its figure bold."""
    words = n_("{n} ahead", "{n} ahead", ahead) if short else line_words.total_ahead_text(ahead)
    before, figure, after = (part.strip() for part in words.partition(str(ahead)))
    runs = [TextRun(before, LEAST_PX)] if before else []
    return [*runs, TextRun(figure, LEAST_PX, True, gap=12 if before else 0), TextRun(after, LEAST_PX, gap=12)]


# -- where am I in line, in words --
def inactive_ticket_advice(setup: Setup, ticket: Ticket) -> str:
    """Return what to do with a ticket that neither waits nor is at a window."""
    service = setup.services.get(ticket.service)
    if ticket.state is TicketState.MISSED and service is not None and not ticket.may_be_reinstated(service.max_returns):
        return _("You missed your call. Please take a new ticket.")
    if ticket.state is TicketState.MISSED:
        return _("You missed your call. Please go to the front desk: your number still counts.")
    if ticket.state is TicketState.PARKED:
        return _("Your visit is on hold. We will continue with you at the window; please stay nearby.")
    if ticket.state is TicketState.FINISHED:
        return _("This ticket is finished. For anything else, please take a new one.")
    if ticket.state in (TicketState.LEFT, TicketState.VOID):
        return _("No longer in line. Please take a new ticket, or ask at the front desk.")
    return ""


def ticket_number_typing_hint(prefix: str, missing: int, example: str) -> str:
    """Return how to continue typing."""
    if not prefix:
        return _("Please enter the letter and digits of your number, such as {example}.", example=example)
    return n_("{n} more digit", "{n} more digits", missing, context="kiosk")


# -- papers, steps, fees, hours: their parts ---------------------------------------------------------------------------

_A_MONDAY = date(2024, 1, 1)


def finder_row_text(setup: Setup, row: taking.Row, *, listed: str = "") -> RowText:
    """Return the row of a service or item; `listed` is the service whose items are listed."""
    service, item = row
    if item is not None:
        name = item_name(setup, service, item)
        if listed:
            return RowText(name=name)
        return RowText(
            name=name,
            letter=service_letter_or_code(setup, service),
            spoken=list_text((name, service_name(setup, service))),
        )
    name = service_name(setup, service)
    if listed:
        return RowText(name=_("{service}: in general", service=name))
    count = len(setup.services[service].items)
    second = n_("{n} topic", "{n} topics", count, context="kiosk") if count else ""
    return RowText(name=name, letter=service_letter_or_code(setup, service), second=second)


def service_info_sections(setup: Setup, service: str, item: str | None, today: date) -> tuple[InfoPart, ...]:
    """Return what there is to read, in the order in which people ask: papers, steps, fees, hours."""
    spec = setup.services[service]
    of = service_name(setup, service) if item is not None else ""
    found = [
        _required_papers_section(spec, item),
        _steps_section(spec, of),
        _fees_section(spec, of),
        _opening_hours_section(setup, spec, today),
    ]
    message = name_in_language(spec.message, spec.message_en)
    if message:
        found.insert(0, InfoPart(title=_("No ticket needed"), points=(InfoLine(words=message),)))
    return tuple(part for part in found if part is not None)


def _required_papers_section(spec: Service, item: str | None) -> InfoPart | None:
    own = next((one.papers for one in spec.items if one.code == item), ())
    papers = own or spec.papers
    points = tuple(
        InfoLine(
            words=name_in_language(paper.name, paper.name_en),
            note=name_in_language(paper.note, paper.note_en),
            number=number,
        )
        for number, paper in enumerate(papers, start=1)
    )
    beside = []
    if spec.papers_version:
        beside.append(_("version {version}", version=spec.papers_version))
    if spec.papers_date:
        beside.append(date_long(date.fromisoformat(spec.papers_date)))
    return InfoPart(title=_("Please bring"), beside=" · ".join(beside), points=points) if points else None


def _steps_section(spec: Service, of: str) -> InfoPart | None:
    lines = [line.strip() for line in name_in_language(spec.steps, spec.steps_en).splitlines() if line.strip()]
    points = tuple(InfoLine(words=line, number=number) for number, line in enumerate(lines, start=1))
    return InfoPart(title=_title_with_service(_("Steps"), of), points=points) if points else None


def _title_with_service(title: str, service: str) -> str:
    """Return a title that says of which service it is, on the page of one of its items."""
    return _("{title}: {service}", title=title, service=service, context="papers") if service else title


def _fees_section(spec: Service, of: str) -> InfoPart | None:
    lines = [line.strip() for line in name_in_language(spec.fees, spec.fees_en).splitlines() if line.strip()]
    return (
        InfoPart(title=_title_with_service(_("Fees"), of), points=tuple(InfoLine(words=line) for line in lines))
        if lines
        else None
    )


def _opening_hours_section(setup: Setup, spec: Service, today: date) -> InfoPart:
    lines = [*service_hours_lines(setup, spec), upcoming_special_days_text(setup.calendar, today)]
    return InfoPart(title=_("Hours"), points=tuple(InfoLine(words=line) for line in lines if line))


def _opening_hours_page(does: controller.KioskController) -> InformationPageText:
    """Return the page of all hours: once where all services have the same."""
    setup = does.kiosk_setup
    ahead = upcoming_special_days_text(setup.calendar, setup.to_hall_time(does.time_of_figures()).date())
    said = [(service_name(setup, code), service_hours_lines(setup, spec)) for code, spec in setup.services.items()]
    if len({lines for _name, lines in said}) == 1:
        said = [(_("All services"), said[0][1])]
    shown = [InfoPart(title=name, points=tuple(InfoLine(words=line) for line in lines)) for name, lines in said]
    if ahead:
        shown.insert(0, InfoPart(title=_("Coming days", context="kiosk"), points=(InfoLine(words=ahead),)))
    return InformationPageText(
        title=_title_naming_available_info(setup),
        back=_("Back"),
        parts=tuple(shown),
        print=_quiet_hours_key_text(does),
        take=None,
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
    )


_GROUP = "group "


def group_from_key_code(code: str) -> str:
    """Return the group of a key's code, "" for a service's."""
    return code.removeprefix(_GROUP) if code.startswith(_GROUP) else ""


# -- greeting --
def greeting_page(does: controller.KioskController, language: str) -> GreetingText:
    """Return the greeting, or the services of a group; `language` is the one that the key offers, "" for none."""
    setup = does.kiosk_setup
    found = does.facts_by_service_code()
    keys: list[taking.Key] = list(taking.greeting_keys(setup, list(found.values())))
    in_group = does.stage is controller.KioskStageName.GROUP
    if does.several:
        keys = list(found.values())
    elif in_group:
        keys = [facts for code, facts in found.items() if setup.services[code].group == does.group]
    shown = tuple(_greeting_key_code_and_text(does, key) for key in keys)
    more = PlainKeyText(words=_("More services"), icon="more")
    if does.several:
        return _several_services_page(does, shown, more)
    different = next(iter(unusual_day_sentences(setup, does.time_of_figures())), "")
    touch, short = _("Touch to get a ticket"), ""
    if any(facts.trouble is None and isinstance(facts.wait, dispatch.QuotedWait) for facts in found.values()):
        short, touch = touch, _("Touch to get a ticket. Waits count from now.")
    title, second = _("What do you need today?"), different or touch
    closed = sheets.closed_title(setup, found.values(), does.time_of_figures())
    if closed:
        title, second = closed, different or _readable_while_closed_text(setup)
    if does.klass != taking.NORMAL:
        second = _("Your ticket: {class_name}", class_name=priority_class_name(setup, does.klass))
    return GreetingText(
        title=_group_title(setup, does.group) if in_group else title,
        second=second,
        short=short if second == touch else "",
        back=_("Back") if in_group else "",
        keys=shown,
        sides=() if does.large else _side_key_texts(does, language, len(found)),
        more=more,
        help=help_key_text(does) if does.large and not in_group else None,
        large=does.large,
    )


def _several_services_page(
    does: controller.KioskController, shown: tuple[tuple[str, ServiceText], ...], more: PlainKeyText
) -> GreetingText:
    count = len(does.chosen)
    take = PlainKeyText(words=_("Choose the services first"), dashed=True)
    if count:
        take = PlainKeyText(words=n_("Get a ticket for {n} service", "Get one ticket for {n} services", count))
    title = _("Which services, in which order?")
    return GreetingText(title=title, back=_("Back"), keys=shown, more=more, take=take)


def _greeting_key_code_and_text(does: controller.KioskController, key: taking.Key) -> tuple[str, ServiceText]:
    if isinstance(key, taking.GroupFacts):
        return f"{_GROUP}{key.name}", group_key_text(does.kiosk_setup, key)
    order = None
    if does.several:
        order = does.chosen.index(key.code) + 1 if key.code in does.chosen else 0
    held = does.held is not None and does.held.services == (key.code,)
    return key.code, service_key_text(does.kiosk_setup, key, does.time_of_figures(), order=order, held=held)


def _group_title(setup: Setup, group: str) -> str:
    first = next((one for one in setup.services.values() if one.group == group), None)
    return name_in_language(first.group, first.group_en) if first else group


def _side_key_texts(
    does: controller.KioskController, language: str, count: int
) -> tuple[tuple[str, PlainKeyText], ...]:
    setup = does.kiosk_setup
    sides = [
        ("where", PlainKeyText(words=_("Where am I in line?"), icon="people")),
        ("info", PlainKeyText(words=_title_naming_available_info(setup), icon="document")),
    ]
    if does.case.is_offered:
        name = _("How far is my case?", context="web")
        sides.append(("case", PlainKeyText(words=_("My case", context="kiosk"), icon="search", name=name)))
    if taking.self_chosen_classes(setup):
        klass = does.klass if does.klass != taking.NORMAL else ""
        said = priority_class_name(setup, klass) if klass else _("Priority", context="kiosk")
        name = _("Priority: {class_name}", class_name=said) if klass else _("Priority for those who need it")
        sides.append(("priority", PlainKeyText(words=said, icon="star", name=name, toggles=True, chosen=bool(klass))))
    if count > 1:
        sides.append(("several", PlainKeyText(words=_("Several services"), icon="plus")))
    sides.append(("help", help_key_text(does)))
    if (speech := does.context.services.speech) is not None and speech.can_speak():
        name = _("Read aloud, through headphones if some are plugged in")
        listen = PlainKeyText(words=_("Read aloud"), icon="ear", name=name, toggles=True, chosen=does.listens)
        sides.append(("listen", listen))
    sides += [
        ("large", PlainKeyText(words=_("Large text"), icon="text-size")),
        ("contrast", PlainKeyText(words=_("High contrast"), icon="contrast", toggles=True, chosen=does.contrast)),
    ]
    if language:
        sides.append(("language", PlainKeyText(words=LANGUAGE_NAMES[language])))
    return tuple(sides)


def help_key_text(does: controller.KioskController) -> PlainKeyText:
    """Return the key that calls for help, or the state of that call."""
    call = does.help.current_help_call
    if call is None:
        return PlainKeyText(words=_("Ask for help"), icon="person")
    said = _("Help has been called") if call.is_unanswered else _("Help is coming")
    return PlainKeyText(words=said, icon="person", chosen=True)


# -- the ticket --
def issued_ticket_page_text(does: controller.KioskController) -> TicketPageText:
    """Return the page of the ticket just given."""
    given = does.taking.given
    if given is None:
        raise ValueError("no ticket was given")
    setup, left = does.kiosk_setup, does.ticket_page_left_s()
    titles = {
        taking.SlipState.PRINTING: _("Your ticket is being printed"),
        taking.SlipState.PRINTED: _("Please take your ticket"),
        taking.SlipState.MISSING: _("Please remember your number"),
    }
    ways = working_call_devices(
        does.hall_state.devices, is_spoken=setup.voice.spoken, is_simulated=setup.hall.simulated
    )
    last = _("Please take a seat. {call}", call=_how_called_words(ways))
    if given.paper is taking.SlipState.MISSING:
        last = _missing_slip_words(given, ways, prints=does.taking.can_print())
    elif does.taking.is_slow():
        last = _("The printer is slow. Please write down {ticket}; it is valid without a slip.", ticket=given.label)
    item = given.document.get("item")
    name = service_name(setup, given.services[0])
    if item:
        name = f"{name} · {item_name(setup, given.services[0], item)}"
    if len(given.services) > 1:
        name = _(", then ", context="services").join(
            f"{service_letter_or_code(setup, code)} {service_name(setup, code)}" for code in given.services
        )
    second = _("closes in {n} s", n=left)
    return TicketPageText(
        title=titles[given.paper],
        label=given.label,
        service=name,
        facts=new_ticket_facts(
            does.hall_state,
            given.services,
            None if given.document.get("ahead") is None else dispatch.people_ahead_in_document(given.document),
            dispatch.wait_from_document(given.document),
            coming=bool(given.document.get("coming")),
        ),
        last=last,
        done=PlainKeyText(words=_("Done", context="kiosk"), second=second),
        fetch=_fetch_me_key_text(setup, given),
        to_note=given.paper is taking.SlipState.MISSING,
        code=given.code,
        scan=_("Scan this: your phone shows your place in line.") if given.code else "",
        is_ready=given.paper is not taking.SlipState.PRINTING,
    )


def _fetch_me_key_text(setup: Setup, given: taking.IssuedTicket) -> PlainKeyText | None:
    """Return the key to ask to be fetched, where the hall offers that."""
    if setup.settings["kiosk_fetch"] != "on":
        return None
    words = _("Someone will come and get you") if given.need else _("Please come and get me")
    return PlainKeyText(words=words, icon="person", chosen=bool(given.need))


def _how_called_words(ways: Collection[str]) -> str:
    """Return by what a number will be called: only what is there."""
    if DISPLAY in ways:
        both = _("The display and the voice will call your number.")
        return both if VOICE in ways else _("The display will show your number.")
    return _("We will call your number.")


def _missing_slip_words(given: taking.IssuedTicket, ways: Collection[str], *, prints: bool) -> str:
    """Return what is said where no slip came out: the number counts all the same. Where nothing ever `prints` nobody
    expects one, and the title says to remember it."""
    if not prints:
        return _how_called_words(ways)
    trouble = given.trouble
    missing = _("Nothing was printed. Please write down {ticket}; it is valid.", ticket=given.label)
    if trouble is not None and (cause := device_down_cause_words(str(trouble.details.get("cause") or ""))):
        missing = _("No slip ({cause}). Please write down {ticket}; it is valid.", cause=cause, ticket=given.label)
    elif trouble is not None and trouble.code == "no_printer" and not trouble.details.get("printer"):
        missing = error_sentence(trouble)
    return missing + "\n" + _how_called_words(ways)


# -- where am I in line --
def place_in_line_page(does: controller.KioskController) -> LinePlacePageText:
    """Return the pad with the place in line of the typed number."""
    setup, found = does.kiosk_setup, does.place.found_ticket()
    letters = service_search.ticket_prefixes(setup)
    example = hallday.ticket_label_text(letters[0] if letters else "", 34)
    prefix = does.place.number.rstrip("0123456789")
    missing = service_search.FEWEST_DIGITS - (len(does.place.number) - len(prefix))
    sentence = ticket_number_typing_hint(prefix, missing, example)
    page = LinePlacePageText(
        title=_("Where am I in line?"),
        back=_("Back"),
        number=does.place.number,
        boxes=service_search.characters_in_number_boxes(does.place.number),
        sentence=sentence,
        hint=_("Or hold the code on your ticket up to the scanner") if does.may_customers_have_slips() else "",
        letters=letters,
        delete=_("Delete"),
        clear=_("Clear", context="key"),
        reprint=PlainKeyText(words=_("To reprint a ticket, enter its number"), icon="print", dashed=True)
        if does.taking.can_print()
        else None,
    )
    if found.trouble is not None:
        return _page_with_changes(
            page, sentence="\n".join(sheets.refusal_title_and_advice(setup, found.trouble, does.time_of_figures()))
        )
    own = found.ticket
    if own is None:
        return page
    other = _("For another ticket, enter its letter and digits")
    if does.may_customers_have_slips():
        other = _("For another ticket, enter its letter and digits or scan its code")
    page = _page_with_changes(page, hint=other)
    reprint = page.reprint
    if reprint is not None:
        waits = own.state is TicketState.WAITING
        said = _("Reprint ticket {ticket}", ticket=own.label) if waits else _("Only a waiting ticket can be reprinted")
        if does.place.is_reprinted:
            said = _("Nothing was printed") if does.place.has_no_slip else _("Please take your ticket")
        reprint = PlainKeyText(words=said, icon="print", dashed=does.place.is_reprinted or not waits)
    return _page_with_changes(
        page,
        sentence=inactive_ticket_advice(setup, own),
        state=str(own.state),
        state_word=ticket_state_word(str(own.state)),
        facts=ticket_position_facts(does.hall_state, own, does.time_of_figures()),
        reprint=reprint,
        postpone=_postpone_key_text(does.place),
        reason=line_words.why_not_called_now_sentence(does.hall_state, own, does.time_of_figures(), public=True)
        if own.state is TicketState.WAITING
        else "",
    )


def _postpone_key_text(place: taking.LinePlaceEnquiry) -> PlainKeyText | None:
    if not place.may_postpone():
        return None
    words = {
        taking.PostponementStep.NOT: _("Let the next person go first"),
        taking.PostponementStep.ASKED: _("Touch again to confirm"),
        taking.PostponementStep.DONE: _("Done: the next person goes first"),
    }
    asked = place.postponing is taking.PostponementStep.ASKED
    done = place.postponing is taking.PostponementStep.DONE
    return PlainKeyText(words=words[place.postponing], icon="people", chosen=asked, dashed=done)


def _page_with_changes(page: LinePlacePageText, **changes: object) -> LinePlacePageText:
    return replace(page, **changes)


# -- papers, steps, fees, hours --
def service_finder_page(does: controller.KioskController) -> SearchPageText:
    """Return the list of what can be read about."""
    setup, finder = does.kiosk_setup, does.finder
    listed = finder.service if not finder.query else ""
    title = service_name(setup, listed) if listed else _title_naming_available_info(setup)
    return SearchPageText(
        title=title,
        back=_("Back"),
        query=finder.query,
        hint=_("Type a service or document") if taking.has_papers_has_fees_has_steps(setup)[0] else _("Type a service"),
        rows=tuple(finder_row_text(setup, row, listed=listed) for row in finder.service_and_item_rows(setup)),
        empty=_("Nothing found. Please try other letters, or ask at the front desk."),
        delete=_("Delete"),
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
        page=_("Touch a service to read about it and when it is open. You need no ticket for that."),
        quiet=_quiet_hours_key_text(does),
    )


def _title_naming_available_info(setup: Setup) -> str:
    """Return what services of the hall have to read, the hours where they have nothing else."""
    papers, fees, steps = taking.has_papers_has_fees_has_steps(setup)
    words = (
        papers and _("papers", context="kiosk"),
        fees and _("fees", context="kiosk"),
        steps and _("steps", context="kiosk"),
    )
    told = list_text([word for word in words if word])
    return told[:1].upper() + told[1:] or _("Hours")


def _readable_while_closed_text(setup: Setup) -> str:
    """Return what can be read while the hall is closed; its hours stand there already."""
    return (
        _("{facts} can be read now too", facts=_title_naming_available_info(setup))
        if any(taking.has_papers_has_fees_has_steps(setup))
        else ""
    )


def _quiet_hours_key_text(does: controller.KioskController) -> PlainKeyText | None:
    if not (does.quiet_paper.is_known and does.taking.can_print()):
        return None
    said = {
        None: _("Print quiet times"),
        taking.SlipState.PRINTING: _("Printing"),
        taking.SlipState.PRINTED: _("Please take the slip"),
        taking.SlipState.MISSING: _("Nothing was printed"),
    }[does.quiet_paper.said]
    return PlainKeyText(words=said, icon="print", dashed=does.quiet_paper.said is not None)


def information_page(does: controller.KioskController) -> InformationPageText:
    """Return the information about one service or item, or the hours of all services."""
    setup, finder = does.kiosk_setup, does.finder
    if finder.service not in setup.services:
        return _opening_hours_page(does)
    service, item = finder.service, finder.item
    trouble = does.facts_by_service_code()[service].trouble
    printing = None
    if does.taking.can_print() or does.info_paper.said is not None:
        said = {
            None: _("Print this list"),
            taking.SlipState.PRINTING: _("Printing"),
            taking.SlipState.PRINTED: _("Please take the list"),
            taking.SlipState.MISSING: _("Nothing was printed"),
        }[does.info_paper.said]
        printing = PlainKeyText(words=said, icon="print", dashed=does.info_paper.said is not None)
    take = PlainKeyText(words=_("Get a ticket"), icon="ticket", dashed=trouble is not None)
    return InformationPageText(
        title=item_name(setup, service, item) or service_name(setup, service),
        back=_("Back"),
        parts=service_info_sections(setup, service, item, setup.to_hall_time(does.time_of_figures()).date()),
        print=printing,
        take=take,
        earlier=_("Up", context="kiosk"),
        later=_("Down", context="kiosk"),
    )


def may_be_too_late_text(
    setup: Setup, service: Service, wait: dispatch.QuotedWait | dispatch.NoQuoteReason, now: datetime
) -> str:
    """Return that a ticket taken now may not be called before closing, "" while it will."""
    at = next_closing_time_today(setup, service, now)
    if at is None or called_before_closing_verdict(setup, service, wait, now) is CallBeforeClosingVerdict.IN_TIME:
        return ""
    return _("may not be called today; we close at {time}", time=time_hm(setup.to_hall_time(at)))
