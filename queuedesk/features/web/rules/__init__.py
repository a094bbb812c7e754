"""What the web leaves in the log, and the tables that it has beside it."""

from __future__ import annotations

import datetime as clock
from datetime import datetime

from msgspec import Struct

from queuedesk.core.log.apply import (
    ADD_ROWS,
    CHANGE_ROWS,
    READ_ROWS,
    FeatureEvent,
    FeatureRules,
    FeatureTable,
    FeatureVerb,
    dated_event_shape,
)
from queuedesk.core.log.event import EventFieldType
from queuedesk.core.network.roles import Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.features.web.rules.keys import KEY_EVENTS, KEY_TABLES, KEY_VERBS

ENQUIRY, IMPORTED = "web.enquiry", "web.progress"
"""The kinds of events that somebody was told how far a case is and took no number (at one of PLACES; not which case),
and that states were imported. The verb is named as its event, so that public PCs may append it."""
PLACES = PHONE, KIOSK, FRONT_DESK = "phone", "kiosk", "front_desk"
LINKS_RENEWED = "web.links"
"""The kind of event after which all earlier links open nothing."""


class WebSecret(Struct, frozen=True):
    """What the hall's links are computed with, as hexadecimal digits."""

    secret: str


# Every PC that prints tickets makes links, and the first one makes the secret.
SECRETS = FeatureTable(
    name="web_secrets",
    record=WebSecret,
    rights={**dict.fromkeys(PcKind, ADD_ROWS), PcKind.MANAGER: CHANGE_ROWS},
    moves=True,
)


class WebServing(Struct, frozen=True):
    """A process that serves the hall's pages: at which `address`, `since` when, how many pages showed what changes when
    it was last `seen`, and the kind of its last `fault` ("" for none) with how many there were. `ending`: somebody
    wants it to end."""

    station: str
    address: str
    since: datetime
    seen: datetime
    looking: int
    fault: str
    faults: int
    ending: bool = False


SERVING = FeatureTable(
    name="web_serving", record=WebServing, key=("station",), rights=dict.fromkeys(PcKind, CHANGE_ROWS)
)


class WebBooking(Struct, frozen=True):
    """An appointment made by the web: its `number`, digests of the code that its customer has and of the contact ("" if
    none was given), and the date after which the row is deleted."""

    number: int
    code: str
    contact: str
    until: clock.date


class Progress(Struct, frozen=True):
    """How far the back office is with a case: its reference, state, since when, and a note."""

    reference: str
    state: str
    since: str
    note: str


class EnglishProgress(Struct, frozen=True):
    """State and note of a case in English, where a hall that speaks Chinese too has both."""

    reference: str
    state: str
    note: str


# Nobody else has a use for these: a customer's code opens nothing at a station.
BOOKINGS = FeatureTable(
    name="web_bookings",
    record=WebBooking,
    key=("number",),
    rights={PcKind.WEB: CHANGE_ROWS, PcKind.MANAGER: CHANGE_ROWS},
    moves=True,
)
PROGRESS = FeatureTable(
    name="web_progress",
    record=Progress,
    key=("reference",),
    rights={**dict.fromkeys(PcKind, READ_ROWS), PcKind.MANAGER: CHANGE_ROWS},
    moves=True,
)
ENGLISH_PROGRESS = FeatureTable(
    name="web_progress_en", record=EnglishProgress, key=PROGRESS.key, rights=PROGRESS.rights, moves=True
)
RULES = FeatureRules(
    events={
        **KEY_EVENTS,
        ENQUIRY: FeatureEvent(dated_event_shape({"place": EventFieldType.TEXT}), lambda _event, _board: None),
        IMPORTED: FeatureEvent(
            dated_event_shape({"rows": EventFieldType.NUMBER}), lambda _event, _board: None, managers=True
        ),
        LINKS_RENEWED: FeatureEvent(dated_event_shape({}), lambda _event, _board: None, managers=True),
    },
    verbs={
        **KEY_VERBS,
        "web-links": FeatureVerb((Role.MANAGER,), keeps=()),
        "web-later": FeatureVerb((Role.CUSTOMER,), keeps=("seq",)),
        "web-leave": FeatureVerb((Role.CUSTOMER,), keeps=("seq",)),
        "web-progress": FeatureVerb((Role.MANAGER,), keeps=("rows",)),
        ENQUIRY: FeatureVerb((Role.CUSTOMER, Role.STATION, Role.GUIDE), keeps=("seq",)),
    },
    tables=(SECRETS, SERVING, BOOKINGS, PROGRESS, ENGLISH_PROGRESS, *KEY_TABLES),
)
