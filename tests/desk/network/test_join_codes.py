"""Codes by which PCs join, as the desk keeps them, and how the PCs that have joined stand."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import text

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.core.network.sharing import CODE_LENGTH, CODE_LETTERS, PcKind, key_of
from queuedesk.desk import network
from queuedesk.desk.change import Ask
from queuedesk.desk.talk import devices
from tests.credentials import shared
from tests.hall import simple_hall


@pytest.fixture
def there(shared_url):
    with shared(shared_url, "T") as made:
        yield made


def console(there) -> Ask:
    return Ask(CONSOLE, there.clock())


def let_in(there, code: str, name: str = "PC"):
    salts = dict(network.offered(there.owner))
    return network.let_in(there.owner, lambda id, key: key == key_of(code, salts[id]), name, there.clock())


def test_managers_let_pcs_in_and_out_by_codes_that_are_told_once_and_open_until_used_or_ten_minutes_old(there):
    desk = there.hall().desk
    assert not network.is_open(desk)
    made = network.make_code(desk, console(there), PcKind.PUBLIC)
    assert (made.hall, made.kind, len(made.code)) == ("T", PcKind.PUBLIC, CODE_LENGTH)
    assert set(made.code) <= set(CODE_LETTERS)
    with there.owner.read() as tx:
        assert made.code not in str(tx.exec_driver_sql("SELECT * FROM joins").all()), "it is not kept"

    assert network.is_open(desk)
    let_in(there, made.code)
    assert not network.is_open(desk)
    for role in (Role.CLERK, Role.GUIDE, Role.STATION, Role.MANAGER, Role.ADMIN):
        ask, name = Ask(Actor("X1", role), there.clock()), f"PC of a {role}"
        let_in(there, network.make_code(desk, console(there), PcKind.STAFF).code, name)
        for deed in (partial(network.make_code, desk, ask, PcKind.STAFF), partial(network.withdraw, desk, ask, name)):
            if role in (Role.MANAGER, Role.ADMIN):
                deed()
            else:
                with pytest.raises(RuleError, match="not_your_role"):
                    deed()

    network.make_code(desk, console(there), PcKind.STAFF)
    there.clock.move(minutes=10)
    assert network.is_open(desk), "the server's clock says so, not a PC's"
    there.pass_by(minutes=10)
    assert not network.is_open(desk)


def test_wrong_tries_at_the_same_moment_are_five_in_all(there):
    desk = there.hall().desk
    code = network.make_code(desk, console(there), PcKind.STAFF).code

    def guess(_n: int) -> str:
        with pytest.raises(RuleError) as refused:
            network.let_in(there.owner, lambda _id, _key: False, "PC", there.clock())
        return refused.value.code

    with ThreadPoolExecutor(6) as many:
        said = sorted(many.map(guess, range(9)))

    assert said == ["bad_code"] * 4 + ["code_spent"] * 5
    with pytest.raises(RuleError, match="code_spent"):
        let_in(there, code)


def test_a_pc_stands_by_the_signs_that_its_stations_give_whatever_its_clock_says(there):
    desk = there.hall().desk
    joined = let_in(there, network.make_code(desk, console(there), PcKind.STAFF).code, "Window 3")

    def state() -> str:
        (row,) = network.pc_rows(desk, there.clock())
        return row["state"]

    states = [state()]
    parts = there.url.partition("@")
    own = there.desk(f"postgresql://{joined.role}:{joined.password}@{parts[2]}")
    devices.started(own, console(there), "counter", "counter-3")
    states.append(state())
    there.clock.move(hours=5)
    assert state() == "here", "only the server's clock went on"
    with there.owner.write() as tx:
        tx.execute(text("UPDATE pcs SET seen = seen - 300000000"))
    states.append(state())
    devices.beat(own, console(there), "counter", "counter-3")
    states.append(state())
    network.withdraw(desk, console(there), "Window 3")

    assert [*states, state()] == ["new", "here", "silent", "here", "withdrawn"]


def test_a_hall_in_a_file_is_not_shared(tmp_path):
    hall = simple_hall(tmp_path)
    for deed in (
        lambda: network.make_code(hall.desk, Ask(CONSOLE, hall.clock()), PcKind.STAFF),
        lambda: network.pcs(hall.desk, hall.clock()),
        lambda: network.pc_rows(hall.desk, hall.clock()),
        lambda: network.withdraw(hall.desk, Ask(CONSOLE, hall.clock()), "Window 3"),
    ):
        with pytest.raises(RuleError, match="not_shared"):
            deed()
