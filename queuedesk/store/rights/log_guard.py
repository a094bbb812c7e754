"""Triggers that protect the log on a server: append only, in order, with right hashes.

They come with the tables. Logins of PCs, and what each may do, are `store/rights/grants.py`'s, where a hall is shared.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from queuedesk.store.rights import withheld_ratings
from queuedesk.store.rights.functions import FUNCTIONS, NOT_FOR_ALL, TRIGGERS

NAMES = ("qd_event", "qd_kept", "qd_kept_whole", "qd_log_at_end", "qd_hall_at_end")
_ON = text(
    "SELECT count(*) FROM pg_trigger WHERE tgrelid IN (to_regclass('public.events'), to_regclass('public.halls'))"
    " AND tgname = ANY (:names) AND tgenabled IN ('O', 'A')"
)

# As commands take them; the other way round each would wait for the other.
_IN_ORDER = "LOCK TABLE public.halls, public.events IN ACCESS EXCLUSIVE MODE"


def put_up(tx: Connection) -> None:
    """Make or renew the triggers and what they call; for the tables' owner, at any time. Raises DBAPIError for whoever
    may not."""
    for statement in (
        _IN_ORDER,
        withheld_ratings.WHOLE_COLUMN,
        *FUNCTIONS,
        *TRIGGERS,
        *withheld_ratings.SPLIT_OLDER_EVENTS,
        *(f"REVOKE EXECUTE ON FUNCTION public.{function} FROM PUBLIC" for function in NOT_FOR_ALL),
    ):
        tx.exec_driver_sql(statement, execution_options={"no_parameters": True})


def stands(tx: Connection) -> bool:
    """Whether all of them are there and none is switched off."""
    return bool(tx.execute(_ON, {"names": list(NAMES)}).scalar_one() == len(NAMES))
