"""The settings of this PC, and what opens when somebody logs in."""
