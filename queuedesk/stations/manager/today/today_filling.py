"""Fills the manager's day from the hall's state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queuedesk.core.figures.measures.document import day_figures
from queuedesk.core.log.state import HallState
from queuedesk.stations.manager.today.alert_words import AlertText, alert_texts, aside_texts
from queuedesk.stations.manager.today.today_page import TodayPage
from queuedesk.stations.manager.today.today_words import (
    day_chart,
    five_figures,
    note_texts,
    rating_text,
    service_rows,
    window_cards,
)


def fill_today(page: TodayPage, state: HallState, day: date, now: datetime, beside: Sequence[AlertText] = ()) -> None:
    """Show the hall on `page` as it is at `now`; `beside` asks to be looked at too."""
    figures = day_figures(state, day, now)
    page.set_alerts([*alert_texts(state, now), *aside_texts(state), *beside])
    page.set_notes(note_texts(state, day))
    page.set_figures(five_figures(state, figures, now))
    page.set_windows(window_cards(state, now))
    page.set_chart(day_chart(state, figures, now))
    page.set_services(service_rows(state, figures, now))
    page.set_ratings(rating_text(figures))
