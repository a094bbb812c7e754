"""The kiosk: customers alone take a ticket, ask where they are in line, and read what a service needs."""
