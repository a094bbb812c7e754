"""The rating at the window: one question when a visit has ended."""
