"""The page of the windows that a day needs, and the roster on it."""
