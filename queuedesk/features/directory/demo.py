"""Accounts in the demo's hall. It asks no directory, as nobody there has a password."""

from collections.abc import Iterator

from queuedesk.core.network.roles import CONSOLE, Role
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.directory import verbs
from queuedesk.sim.demand import Act, FeatureDemoPart

MINUTE = 485


class DirectoryDemoPart(FeatureDemoPart):
    """The accounts of who serves."""

    @staticmethod
    def acts_of_demo_day(ago: int) -> Iterator[tuple[int, Act]]:
        if ago == 0:
            yield MINUTE, lambda desk, _setup, ask: verbs.remove_directory_setting(desk, Ask(CONSOLE, ask.now))
            yield MINUTE, _set_demo_accounts


def _set_demo_accounts(desk: Desk, setup: Setup, ask: Ask) -> Document:
    clerks = [code for code, person in setup.staff.items() if person.role is Role.CLERK]
    done = [verbs.set_account(desk, Ask(CONSOLE, ask.now), code, code.lower()) for code in clerks]
    return {"accounts": done}
