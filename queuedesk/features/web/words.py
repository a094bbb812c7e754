"""What the web calls its events, refusals and acts."""

from queuedesk.i18n import mark
from queuedesk.i18n.names import FeatureWords

WORDS = FeatureWords(
    events={"web.links": mark("All links on slips withdrawn", context="event")},
    refusals={
        "no_web_address": mark("This hall has no web page to link to; use the feature and set the hall's web address."),
        "unknown_link": mark("This code is not valid here; please enter the number that is printed on the ticket."),
    },
    verbs={"web-links": mark("Withdraw all links on slips", context="asked")},
)
