"""Appointments at the front desk and on the manager's station: the list of a date, a new one, one cancelled."""
