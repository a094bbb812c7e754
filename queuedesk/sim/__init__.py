"""Days that never happened, through the real desk."""
