"""A log as whoever may write the database would rewrite it: consistently, its tables made anew by the program."""

from collections.abc import Callable

from msgspec.structs import replace

from queuedesk.core.log.event import FIRST_PREV, Event, canonical_json
from queuedesk.store.log import book, events
from queuedesk.store.rights import withheld_ratings
from tests import engines
from tests.hall import Hall


def rewrite(hall: Hall, change: Callable[[Event], Event], *, rebuilt: bool = True) -> None:
    """Let every event of the log be what `change` makes of it, in one chain, and the tables follow from that."""
    db, prev, wanted = hall.desk.db, FIRST_PREV, []
    for event in hall.log():
        wanted.append(change(event).with_chain_hash(prev))
        prev = wanted[-1].hash
    for one in wanted:
        data, actor = f"""data = '{canonical_json(one.data).replace("'", "''")}'""", one.actor
        if isinstance(db, engines.Lent) and one.kind in withheld_ratings.SPLIT_KINDS:
            data = data.replace("data =", "data = qd_split(kind,", 1) + f"), whole = {data.removeprefix('data =')}"
        chain = f"prev = '{one.prev}', hash = '{one.hash}' WHERE hall = {hall.desk.hall} AND seq = {one.seq}"
        engines.execute(db, f"UPDATE events SET actor = '{actor}', {data}, {chain}")
    if rebuilt:
        with db.write(hall.desk.hall) as tx:
            book.rebuild_from_log_and_give_faults(tx, hall.desk.hall)


def rated_otherwise(seq: int) -> Callable[[Event], Event]:
    """Return what makes the rating at `seq` the best there is."""
    return lambda event: replace(event, data={**event.data, "level": 5}) if event.seq == seq else event


def drop_after(hall: Hall, seq: int) -> None:
    """Let the log end at `seq`, as an older copy of the file would."""
    engines.execute(hall.desk.db, f"DELETE FROM events WHERE hall = {hall.desk.hall} AND seq > {seq}")
    with hall.desk.db.write(hall.desk.hall) as tx:
        assert list(events.all_events(tx, hall.desk.hall))[-1].seq == seq
        book.rebuild_from_log_and_give_faults(tx, hall.desk.hall)
