"""Whatever stands in a file: it is taken whole, or refused in words."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.features.paper_days import verbs as paper
from queuedesk.i18n import say
from tests.features.paper_days.paper_file import HEADER
from tests.hall import Hall, simple_hall

SIGNS = "A801 A1 A B 1 2 C2 C9 5 =1+1 @x ０９ '"
DEEDS = "issue call start finish recall miss leave rate open close day-end sign-in redirect add park unpark serve"
MOMENTS = """2026-11-19T08:00
2026-11-19 8:01
2026/11/19 08:02:03
2026-11-19T08:03:00Z
x
9999-12-31T23:59
0001-01-01T00:00"""
CELLS = st.one_of(st.sampled_from([*SIGNS.split(), "", "x" * 1200, "\u3000"]), st.text(max_size=12))
ACTIONS = st.sampled_from(["", *DEEDS.split()])
TIMES = st.sampled_from(["", *MOMENTS.splitlines()])
ROWS = st.lists(st.tuples(TIMES, ACTIONS, CELLS, CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    return simple_hall(tmp_path_factory.mktemp("still"), time="11:00")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, junk=st.binary(max_size=40), seed=st.integers(0, 9))
def test_any_file_is_taken_or_refused_in_words(still, rows, junk, seed):
    """Whatever stands in a file: it goes in whole, or one refusal that can be said, and nothing changed."""
    file = still.path.with_name("fuzz.csv")
    text = "\n".join([HEADER, *(",".join(f'"{cell}"' if "\n" not in cell else cell for cell in row) for row in rows)])
    content = text.encode("utf-8", "surrogatepass")
    if seed == 0:
        content = random.Random(len(junk)).randbytes(5) + junk + content
    file.write_bytes(content)
    before = still.log()
    try:
        paper.check(still.desk, file, still.clock())
    except QueueDeskError as error:
        assert isinstance(error, RuleError | OutsideError)
        assert say(error, "en") and say(error, "zh_CN")
    assert still.log() == before
