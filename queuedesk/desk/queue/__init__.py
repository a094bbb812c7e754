"""Changes to tickets and windows: issuing, calling, serving, moving and rating."""
