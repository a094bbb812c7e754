"""A ticket under way, from its draft to paper."""
