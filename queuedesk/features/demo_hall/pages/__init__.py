"""A trial: front desk, counters, display and kiosk of a hall that is thrown away, in one window."""
