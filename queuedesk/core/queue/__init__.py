"""Tickets, windows and the order in which people are called.

`dispatch.py` has the rule with the hall's options (decisions/order.md derives how often a ticket can be overtaken),
the tickets that a call overtakes, the place of a late-comer, and the rule applied to the line of one service.
`public_order.py` is the list of next numbers for customers.

A place is a moment and a turn; the sort key is the place less the credit of the class. A ticket with a new place has no
credit any more. A returned call does not count for the ticket's wait and number of calls, but stays in the log.

`offers.py` decides whether a service gives a ticket now and, if not, why: for the keys on stations and for issuing.
`overview.py` has the queries of a `HallState` that several stations share."""
