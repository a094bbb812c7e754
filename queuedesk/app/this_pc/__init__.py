"""What this PC remembers of itself, and what opens with it."""
