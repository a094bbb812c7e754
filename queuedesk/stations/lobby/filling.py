"""Fills the board from the hall's state."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.stations.lobby.advice import Advice
from queuedesk.stations.lobby.board import Board
from queuedesk.stations.lobby.words import cell_texts, now_text, service_texts
from queuedesk.stations.manager.today.alert_words import alert_texts


def fill_board(board: Board, advice: Advice, state: HallState, now: datetime) -> None:
    """Show the hall on `board` as it is at `now`, with what `advice` has to say."""
    advice.read(now)
    board.set_now(now_text(state, now))
    board.set_services(service_texts(state, now, advice.later(state, now)))
    board.set_windows(cell_texts(state, now))
    board.set_alerts(alert_texts(state, now))
    advice.fill(board, state, now)
