"""The front desk's page, for what lost property shows there."""

from tests.stations.guide.conftest import context, front, printer  # noqa: F401
