"""The hall of a test of the store is made as that of a desk's."""

from tests.desk.conftest import hall  # noqa: F401
