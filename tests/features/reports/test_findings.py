"""What is worth attention: said only past its threshold, with figures that stand on the page."""

import pytest

from tests.reports.figures.test_findings import (
    quiet,  # noqa: F401
    said,
)


@pytest.mark.parametrize(
    ("beyond", "told"), [(20, []), (21, ["21 of 100 waited longer than estimated, on average by 4.2 min."])]
)
def test_missed_promises_are_said_past_a_fifth(quiet, beyond, told):  # noqa: F811
    assert (
        said(quiet, promise={"n": 100, "within": 100 - beyond, "beyond": beyond, "mean_minutes_beyond": 4.21}) == told
    )
