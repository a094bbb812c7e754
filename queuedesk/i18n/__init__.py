"""Every word a person sees or hears: one catalogue for screens, voice, paper, reports and the command line.

`catalogue.py` finds a text, `refusals.py` has a sentence for every code. English stands in the code, Chinese in
resources/locale/zh_CN; scripts/build_texts.py compiles and checks it.

A hall may say room, desk or counter for window, and number for ticket. `catalogue.py` puts its words into sentences as
the catalogue is read, before fields are filled, so that screens, voice, slips and reports agree. Texts say "window" and
"ticket"; nothing else knows that a hall may call them otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.i18n.catalogue import (
    LANGUAGES,
    UNSAID_LANGUAGE,
    _,
    are_hall_words,
    choose_language,
    current_hall_words,
    current_language,
    hall_worded_text,
    is_language_guessed,
    mark,
    n_,
    ntr,
    system_language,
    tr,
    use_fallback_language,
    use_hall_words,
    using_hall_words,
    using_language,
)
from queuedesk.i18n.moments import (
    codes_text,
    date_for_hall,
    date_for_report,
    date_for_staff,
    date_for_ticket,
    date_long,
    date_short,
    duration_text,
    figure_range,
    hours_range_text,
    list_text,
    minutes_seconds,
    minutes_text,
    moment_short,
    name_in_language,
    need_word,
    rating_level_words,
    role_word,
    stored_date_short,
    ticket_state_word,
    time_hm,
    time_hms,
    weekday_long,
    weekday_short,
    window_state_word,
    wording_in_current_language,
)

if TYPE_CHECKING:
    from queuedesk.core.errors import QueueDeskError

__all__ = ["LANGUAGES", "UNSAID_LANGUAGE", "_", "are_hall_words", "choose_language", "codes_text"]
__all__ += ["current_hall_words", "current_language", "date_for_hall", "date_for_report", "date_for_staff"]
__all__ += ["date_for_ticket", "date_long", "date_short", "duration_text", "error_sentence", "figure_range"]
__all__ += ["hall_worded_text", "hours_range_text", "is_language_guessed", "list_text", "mark", "minutes_seconds"]
__all__ += ["minutes_text", "moment_short", "n_", "name_in_language", "need_word", "ntr", "rating_level_words"]
__all__ += ["role_word", "stored_date_short", "system_language", "ticket_state_word", "time_hm", "time_hms", "tr"]
__all__ += ["use_fallback_language", "use_hall_words", "using_hall_words", "using_language", "weekday_long"]
__all__ += ["weekday_short", "window_state_word", "wording_in_current_language"]


def error_sentence(error: QueueDeskError, lang: str | None = None) -> str:
    """Return the sentence of a QueueDeskError in `lang`, or in the current language."""
    from queuedesk.i18n import refusals  # knows the words of every subject, and most commands are not refused

    return refusals.error_sentence(error, lang)
