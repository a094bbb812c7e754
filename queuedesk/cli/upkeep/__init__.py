"""Commands that keep and check the data."""
