"""Events, what each one changes, and the state of the hall that they add up to."""
