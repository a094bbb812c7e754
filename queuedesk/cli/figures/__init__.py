"""Commands of figures and reports."""
