"""The hall of a desk's test."""

from pathlib import Path

import pytest

from tests.hall import Hall, hall_of, simple_hall


@pytest.fixture
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Hall:
    """Services A, B, C, three windows and nobody there at nine o'clock, or what the mark `hall` makes."""
    return hall_of(request, tmp_path, simple_hall)
