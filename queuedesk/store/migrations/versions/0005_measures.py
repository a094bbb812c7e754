"""What the measures are read by: tickets taken at a kiosk are flagged, and a date's events are found with their kinds."""

from alembic import op
from sqlalchemy import and_, bindparam, inspect, select, update

from queuedesk.core.apply import OWN_STATION
from queuedesk.core.measures_visits import KIOSK
from queuedesk.store.schema import DATE_INDEX, events, tickets

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Flag what was issued by a station of its own, and make the index anew with more in it."""
    connection = op.get_bind()
    same = (events.c.hall == tickets.c.hall, events.c.date == tickets.c.date, events.c.ticket == tickets.c.label)
    taken = select(tickets.c.hall, tickets.c.date, tickets.c.label, tickets.c.flags).join(events, and_(*same))
    pressed = (events.c.kind == "issue", events.c.actor.startswith(OWN_STATION, autoescape=True))
    rows = [
        {"its_hall": hall, "its_date": day, "its_label": label, "flags": sorted([*flags, KIOSK])}
        for hall, day, label, flags in connection.execute(taken.where(*pressed))
        if KIOSK not in flags
    ]
    if rows:
        own = (tickets.c[name] == bindparam(f"its_{name}") for name in ("hall", "date", "label"))
        connection.execute(update(tickets).where(*own).values(flags=bindparam("flags")), rows)
    there = {index["name"] for index in inspect(connection).get_indexes(events.name)}
    if "ix_events_date" in there:
        op.drop_index("ix_events_date", events.name)
    if DATE_INDEX.name not in there:
        DATE_INDEX.create(connection)
