"""Training of staff as it is noted."""
