"""The pages of the kiosk, and what may lie over them."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """What the screen shows."""

    GREETING = "greeting"
    GROUP = "group"
    TICKET = "ticket"
    WHERE = "where"
    FIND = "find"
    INFO = "info"


class Sheet(StrEnum):
    """What is asked or said over the page."""

    NONE = ""
    STILL_THERE = "still-there"
    ANOTHER = "another"
    CLASSES = "classes"
    SORRY = "sorry"
    HELP = "help"
    PIN = "pin"
    CALM = "calm"
    MANY = "many"
