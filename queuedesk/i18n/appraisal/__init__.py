"""Words for the person's sheet."""
