"""What events about comments change: those that were spoken, and those that were read."""

from __future__ import annotations

from datetime import date

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import READ_COMMENTS, SPOKEN_COMMENTS, Board
from queuedesk.core.quality.comments import ReadComment, SpokenComment


def _comment(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        SPOKEN_COMMENTS,
        SpokenComment(
            seq=event.seq,
            date=date.fromisoformat(data["date"]),
            time=event.time,
            klass=data.get("class", ""),
            day=date.fromisoformat(data["day"]) if "day" in data else None,
            ticket=data.get("about"),
            comment=data.get("comment", ""),
            by=event.actor,
        ),
    )


def _read(event: Event, board: Board) -> None:
    data = event.data
    board.put(
        READ_COMMENTS,
        ReadComment(
            id=data["comment"],
            date=date.fromisoformat(data["date"]),
            time=event.time,
            by=event.actor,
            read=data["read"],
        ),
    )


COMMENT_CHANGES = {"comment": _comment, "comment-read": _read}
