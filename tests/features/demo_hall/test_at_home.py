"""Home offers to watch the demo where the program has it."""

from queuedesk.core.features import install, listed
from tests.stations.home.conftest import OwnPc


def test_a_demo_is_watched_in_a_process_of_its_own_where_its_folder_is(tmp_path, qapp):
    pc = OwnPc(tmp_path / "hall.sqlite")
    pc.home.watch_demo()
    assert pc.started == [["demo"]]
    assert pc.home.has_demo
    install([name for name in listed("FEATURES") if name != "demo_hall"])
    try:
        assert not pc.home.has_demo, "without its folder"
    finally:
        install(listed("FEATURES"))
