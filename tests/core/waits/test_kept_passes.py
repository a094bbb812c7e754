"""A pass says to the last bit what it said before it became quicker."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.core.waits import kept_passes


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    return kept_passes.kept()


@pytest.mark.parametrize("seed", range(kept_passes.HALLS))
def test_a_pass_over_a_drawn_hall_says_what_it_said(kept: dict[str, Any], seed: int) -> None:
    said = kept_passes.what_a_pass_says(seed)

    assert json.loads(json.dumps(said)) == kept["passes"][seed]


@pytest.mark.parametrize("seed", range(kept_passes.STATES))
def test_a_state_in_numbers_is_what_it_was(kept: dict[str, Any], seed: int) -> None:
    found = kept_passes.what_a_hall_is_in_numbers(seed)

    assert json.loads(json.dumps(found)) == kept["states"][seed]
