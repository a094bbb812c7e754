"""The front desk's hall and page, for what appointments show there."""

from tests.stations.guide.conftest import context, front, printer  # noqa: F401
