"""What the web calls its events, refusals and acts."""

from queuedesk.i18n import mark
from queuedesk.i18n.names import FeatureWords

WORDS = FeatureWords(
    events={"web.links": mark("All links on slips withdrawn", context="event")},
    refusals={
        "no_web_address": mark("This hall has no web page to link to; use the feature and set the hall's web address."),
        "unknown_link": mark("This code is not valid here; please enter the number that is printed on the ticket."),
        "web_minutes_asked": mark("The window knows already that {ticket} needs two more minutes."),
        "web_no_such_time": mark("This time can't be booked; please choose one that is offered."),
        "web_time_taken": mark("Somebody else has just booked this time; please choose another."),
        "web_booked_enough": mark("This contact already has {n} appointments; please cancel one first."),
        "web_contact_needed": mark("Many times were booked from here; please give a phone number or an address."),
        "web_code_unknown": mark("No appointment has this code; please check it."),
        "web_unknown_reference": mark("Nothing is known under {reference}; please check it, or ask at the front desk."),
        "web_case_twice": mark("{reference} is also in an earlier row; please give each case once."),
        "web_missing": mark(
            "The part of QueueDesk that serves web pages is not installed; please install queuedesk[web]."
        ),
        "web_address_taken": mark(
            "Another program on this PC already uses {address}; please end it, or give another port with --listen."
        ),
        "web_address_unknown": mark("This PC has no address {address}; please give one of its own with --listen."),
        "web_certificate": mark("{path} is no certificate that fits its key, in PEM; please look at --cert and --key."),
    },
    verbs={
        "web-links": mark("Withdraw all links on slips", context="asked"),
        "web-later": mark("Ask the window for two more minutes", context="asked"),
        "web-progress": mark("Take over the states of cases", context="asked"),
    },
)
