"""What the shares of visits are called and how they are defined: all words of a Figure in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from queuedesk.core.figures.measures.figures import SHARES
from queuedesk.core.figures.targets import FIRST_VISIT, SERVED
from queuedesk.i18n.catalogue import mark, tr
from queuedesk.i18n.figures.target_words import measure_word

Told = tuple[str, str, str, str, str]
"""A definition: its name, what is counted, of how many, what is not in it, what becomes of those who left unserved."""


class ShareWords(Struct, frozen=True, kw_only=True):
    """The words of one Figure.

    `said` is its name in reports, in a language. `name` is its name in files (context "figure"). By what follows the
    figure in a path, "" for itself: `titles` (context "figure title") and `definitions` (context "definition"). By the
    split: `sheets` (context "sheet") and `headings` of tables in reports. `nobody` says on the page of figures that
    nothing was counted; a figure without it has no bars there. `columns`
    (context "column") are those of the table of its items by what they count, "" for its title; a figure without them
    has none. `none` says that nobody named an item. `is_quiet`: pages leave it out where it is 0.
    """

    said: Callable[[str], str]
    name: str
    titles: Mapping[str, str]
    definitions: Mapping[str, Told]
    sheets: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    nobody: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    none: str = ""
    is_quiet: bool = False


_NOT_IN = mark("not in", context="definition")
SHARE_WORDS: Mapping[str, ShareWords] = {
    "served": ShareWords(
        said=lambda lang: measure_word(SERVED, lang),
        name=mark("Served rate", context="figure"),
        titles={
            "": mark("Tickets served", context="figure title"),
            "rate": mark("Served rate", context="figure title"),
            "of": mark("Issued, neither void nor open", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Served rate", context="definition"),
                mark("tickets finished", context="definition"),
                mark("tickets issued", context="definition"),
                mark("void ones, those not over yet", context="definition"),
                mark("in the denominator, as not served", context="definition"),
            )
        },
    ),
    "first_visit": ShareWords(
        said=lambda lang: measure_word(FIRST_VISIT, lang),
        name=mark("Settled at the first visit", context="figure"),
        titles={
            "": mark("Settled at the first visit", context="figure title"),
            "of": mark("Finished", context="figure title"),
            "transferred": mark("Transferred to another window", context="figure title"),
            "returned": mark("Came again for the same", context="figure title"),
            "not_over": mark("May still come again", context="figure title"),
            "followed": mark("Visits looked at for returns", context="figure title"),
            "linked": mark("Visits that name an earlier one", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Settled at the first visit", context="definition"),
                mark(
                    "tickets finished without a transfer, to which no ticket was linked on that day or within {days} days",
                    context="definition",
                ),
                mark("tickets finished", context="definition"),
                mark("who came back without saying so: they could not be linked", context="definition"),
                _NOT_IN,
            )
        },
    ),
    "wrong_counter": ShareWords(
        said=lambda lang: tr(lang, "Wrong window", context="report"),
        name=mark("Wrong window", context="figure"),
        titles={
            "": mark("Wrong window", context="figure title"),
            "of": mark("Issued", context="figure title"),
            "minutes_lost": mark("Minutes lost by wrong windows", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Wrong window", context="definition"),
                mark("tickets whose first line was the wrong one", context="definition"),
                mark("tickets issued, by the service they were issued for", context="definition"),
                mark("void ones", context="definition"),
                mark("in the denominator", context="definition"),
            ),
            "minutes_lost": (
                mark("Staff time lost by it", context="definition"),
                mark(
                    "minutes at the window until sent on; from the call where no start was noted", context="definition"
                ),
                "",
                "",
                "",
            ),
        },
        sheets={
            "by_service": mark("Wrong window, services", context="sheet"),
            "by_guide": mark("Wrong window, guides", context="sheet"),
            "by_label": mark("Wrong window, kiosk buttons", context="sheet"),
        },
        headings={
            "by_guide": mark("Wrong window by guide"),
            "by_label": mark("Wrong window by kiosk button"),
        },
        nobody=mark("Nobody was sent to another line."),
    ),
    "form_free": ShareWords(
        said=lambda lang: tr(lang, "Without a form"),
        name=mark("Without a form", context="figure"),
        titles={
            "": mark("Without a form", context="figure title"),
            "of": mark("Steps finished", context="figure title"),
            "minutes_saved": mark("Without a form", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Without a form", context="definition"),
                mark("steps finished without a paper form", context="definition"),
                mark("steps finished at a window", context="definition"),
                mark("steps that ended in a transfer or with the day-end", context="definition"),
                _NOT_IN,
            ),
            "minutes_saved": (
                mark("Minutes saved", context="definition"),
                mark(
                    "steps without a form × the minutes that one saves as the hall measured them", context="definition"
                ),
                "",
                "",
                "",
            ),
        },
        sheets={"by_service": mark("Without a form", context="sheet")},
        is_quiet=True,
    ),
    "items": ShareWords(
        said=lambda lang: tr(lang, "Came again for the same", context="report"),
        name=mark("What people came for", context="figure"),
        titles={
            "": mark("Came again", context="figure title"),
            "of": mark("Visits", context="figure title"),
            "minutes": mark("Minutes at windows", context="figure title"),
            "elsewhere": mark("Served by another channel too", context="figure title"),
        },
        definitions={
            "rate": (
                mark("Came again for the same", context="definition"),
                mark(
                    "tickets that name an earlier visit, or of people who came again for papers", context="definition"
                ),
                mark("tickets issued, by the service and item they were issued for", context="definition"),
                mark("void ones; who came back without saying so", context="definition"),
                mark("in the denominator", context="definition"),
            ),
            "elsewhere": (
                mark("Another channel too", context="definition"),
                mark(
                    "tickets of services that another channel reported for the date or its month", context="definition"
                ),
                mark("tickets issued, by the service and item they were issued for", context="definition"),
                mark("void ones; channels that reported nothing", context="definition"),
                mark("in the denominator", context="definition"),
            ),
        },
        sheets={"by_item": mark("What people came for", context="sheet")},
        columns={
            "": mark("What people came for", context="column"),
            "of": mark("Visits", context="column"),
            "minutes": mark("Minutes each", context="column"),
            "n": mark("Came again", context="column"),
            "elsewhere": mark("Another channel too", context="column"),
        },
        none=mark(
            "No ticket of this time names an item: the services have none, or nobody asked. Items are added in Set-up."
        ),
        is_quiet=True,
    ),
}
FIGURES_IN_WORDS = tuple((figure, SHARE_WORDS[figure.key]) for figure in SHARES)
"""Every share with its words, in the order of the document."""
