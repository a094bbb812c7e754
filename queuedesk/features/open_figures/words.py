"""What figures for others say: descriptions of the views, and refusals."""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.core.features import Wording
from queuedesk.core.setup.hall_words import CHOICES, HALL, chinese_word_for_hall, text_with_hall_words
from queuedesk.core.setup.rows import Setup
from queuedesk.features.open_figures.rules import DESCRIPTIONS, VIEWS, Descriptions
from queuedesk.i18n import mark, tr
from queuedesk.i18n.names import FeatureWords

_DESCRIBED = {
    "": Wording("What the views and their columns are", context="hall's word"),
    "view_name": Wording("Name of the view", context="hall's word"),
    "column_name": Wording("Name of the column, empty for the view itself", context="hall's word"),
    "language": Wording("Language of the description", context="hall's word"),
    "description": Wording("Description", context="hall's word"),
}


def view_descriptions(languages: Sequence[str], setup: Setup) -> Descriptions:
    """Return the descriptions of all views and columns in these languages, in the words of a hall and not in those of
    the process that happens to make the views."""
    own = setup.hall.words

    def view_words(lang: str, english: str) -> str:
        found = tr(lang, english, context=CHOICES).replace(HALL, chinese_word_for_hall(setup.hall.name))
        return text_with_hall_words(lang, found, english, own.window, own.ticket)

    texts = [(view.name, column, text) for view in VIEWS for column, text in {"": view.about, **view.columns}.items()]
    texts += [(DESCRIPTIONS, column, text) for column, text in _DESCRIBED.items()]
    return [
        (view, column, lang, view_words(lang, wording.text)) for view, column, wording in texts for lang in languages
    ]


WORDS = FeatureWords(
    refusals={
        "no_views": mark("There are no views yet; please try again in a minute."),
        "reporting_taken": mark("The database has a schema {schema} of its own; please have it renamed."),
        "views_in_file": mark(
            "This hall is a file, and a file has no logins; please save a copy that holds only the views."
        ),
        "no_reading_logins": mark("The owner of the database may not make logins; please ask who manages the server."),
        "day_not_over": mark("{date} is not over yet; please try again when it is."),
        "day_too_small": mark("{date} had {n} visits; a day with fewer than {least} would show who was here."),
        "day_not_recomputed": mark(
            "The figures of {date} don't follow from its events alone, so nobody could check them."
        ),
        "published_differs": mark("Line {line} of the file is not what the log says now."),
        "wrong_published_file": mark("This file is no published day."),
        "unknown_login": mark("There is no login {login} here; please look it up in the list."),
    }
)
