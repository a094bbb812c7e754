"""The front desk's hall and page, for what features show there."""

from tests.stations.guide.conftest import context, front, hall, printer  # noqa: F401
