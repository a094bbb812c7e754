"""Home: makes a hall on the first start, then chooses what this PC does."""
