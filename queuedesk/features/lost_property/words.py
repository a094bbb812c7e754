"""What lost property calls its events, refusals and acts."""

from queuedesk.i18n import mark
from queuedesk.i18n.names import FeatureWords

WORDS = FeatureWords(
    events={
        "lost_property.found": mark("Thing found", context="event"),
        "lost_property.asked": mark("Thing asked for", context="event"),
        "lost_property.given": mark("Thing given back", context="event"),
        "lost_property.disposed": mark("Thing disposed of", context="event"),
    },
    refusals={
        "lost_unknown": mark("There is no number {n} in lost property; please look it up in the list."),
        "lost_gone": mark("Number {n} has not been here since {date}."),
        "lost_wrong_code": mark("That is not the code on the tag of number {n}; please read it again."),
        "lost_kept": mark("Number {n} is kept until {date}."),
    },
    verbs={
        "lost": mark("Note or give back lost property", context="asked"),
        "lost-dispose": mark("Dispose of lost property", context="asked"),
    },
)
