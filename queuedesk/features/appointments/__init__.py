"""Appointments: book a time; late-comers give way."""
