"""Who may look at another hall of the same database."""

from __future__ import annotations

from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.setup.rows import Setup


def may_see(who: Actor, own: str, setup: Setup) -> bool:
    """Whether `who`, of the hall with the code `own`, may look at the hall of `setup`: the console at all, staff where
    they are named."""
    return who.role is Role.CONSOLE or setup.hall.code == own or f"{own}/{who.name}" in setup.hall.seen_by
