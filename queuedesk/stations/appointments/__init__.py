"""Appointments at a station: the list of a date, a new one, one called off; shared by the front desk and the
manager."""
