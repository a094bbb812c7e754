"""Commands about this PC."""
