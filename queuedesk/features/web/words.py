"""What the web calls its events, refusals and acts."""

from datetime import datetime

from queuedesk.i18n import mark, moment_short, time_hm
from queuedesk.i18n.names import FeatureWords

WORDS = FeatureWords(
    events={
        "web.links": mark("All links on slips withdrawn", context="event"),
        "web.key": mark("Key for another program made", context="event"),
        "web.key-gone": mark("Key of another program withdrawn", context="event"),
        "web.hook": mark("Events are sent to another program", context="event"),
        "web.enquiry": mark("Asked how far a case is", context="event"),
        "web.progress": mark("States of cases imported", context="event"),
        "web.hook-gone": mark("Events are no longer sent to another program", context="event"),
    },
    refusals={
        # keys and addresses of other programs
        "web_key_name": mark("{name} can't be a key's name; please use up to 40 letters, digits, - and _."),
        "web_key_taken": mark("There is a key {name} already; please choose another name, or remove it first."),
        "web_key_unknown": mark("There is no key {name}; queuedesk web keys list shows them all."),
        "web_key_scope": mark("{scope} is nothing that a key is for; there are {known}."),
        "web_hook_address": mark("{address} is no address that events can be sent to, such as https://host/path."),
        "web_hook_unknown": mark("Events are sent to no address with the number {n}."),
        "web_too_many": mark("There are {n} already; please remove one first."),
        # links, addresses
        "no_web_address": mark("This hall has no web page to link to; use the feature and set the hall's web address."),
        "unknown_link": mark("This code is not valid here; please enter the number that is printed on the ticket."),
        "web_minutes_asked": mark("The window knows already that {ticket} needs two more minutes."),
        "web_no_such_time": mark("This time can't be booked; please choose one that is offered."),
        "web_time_taken": mark("Somebody else has just booked this time; please choose another."),
        "web_booked_enough": mark("This contact already has {n} appointments; please cancel one first."),
        "web_contact_needed": mark("Many times were booked from here; please give a phone number or an address."),
        "web_code_unknown": mark("No appointment has this code; please check it."),
        "web_unknown_reference": mark("Nothing is known under {reference}; please check it, or ask at the front desk."),
        "web_try_later": mark("Too many tries here; please wait {n} s, then try again."),
        "web_case_twice": mark("{reference} is also in an earlier row; please give each case once."),
        "web_missing": mark(
            "The part of QueueDesk that serves web pages is not installed; please install queuedesk[web]."
        ),
        "web_address_taken": mark(
            "Another program on this PC already uses {address}; please end it, or give another port with --listen."
        ),
        "web_port_refused": mark(
            "This program may not use the port of {address}; please choose one from 1024 on, such as 8080."
        ),
        "web_address_unknown": mark("This PC has no address {address}; please give one of its own with --listen."),
        "web_certificate": mark("{path} is no certificate that fits its key, in PEM; please look at --cert and --key."),
    },
    verbs={
        "web-links": mark("Withdraw all links on slips", context="asked"),
        "web-later": mark("Ask the window for two more minutes", context="asked"),
        "web-leave": mark("Give up a place in line", context="asked"),
        "web-progress": mark("Import the states of cases", context="asked"),
        "web.enquiry": mark("Ask how far a case is", context="asked"),
        "web-key": mark("Give a key to another program, or take it back", context="asked"),
        "web-hook": mark("Send events to another program, or stop", context="asked"),
    },
)


def time_or_short_moment_text(since: str, now: datetime) -> str:
    """Return the time of a moment as documents have it, with its date unless that is today's."""
    moment = datetime.fromisoformat(since)
    is_today = moment.date() == now.astimezone(moment.tzinfo).date()
    return time_hm(moment) if is_today else moment_short(moment)
