"""Contingency cards in words: whose a step is, and the one line that every station shows while a card is open."""

from __future__ import annotations

from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import ANYONE, CardRun
from queuedesk.i18n import current_language, name_in_language, role_word, time_hm, tr


def step_role_text(code: str, lang: str | None = None) -> str:
    """Return the role for a step; "" for one that anybody may do."""
    lang = lang or current_language()
    return tr(lang, "Anyone", context="step") if code == ANYONE else role_word(code, lang)


def card_name(run: CardRun, lang: str | None = None) -> str:
    return name_in_language(run.name, run.name_en, lang)


def open_card_text(setup: Setup, run: CardRun, for_role: str, lang: str | None = None) -> str:
    """Return the open card, since when it is open, and the next step for somebody of `for_role`."""
    lang = lang or current_language()
    time, name = time_hm(setup.to_hall_time(run.started)), card_name(run, lang)
    number = run.next_open_step_number_for(for_role)
    if number is None:
        return tr(lang, "{card} since {time}: nothing more for you", card=name, time=time)
    step = run.steps[number - 1]
    return tr(
        lang,
        "{card} since {time}. Next: {step}",
        card=name,
        time=time,
        step=name_in_language(step.text, step.text_en, lang),
    )
