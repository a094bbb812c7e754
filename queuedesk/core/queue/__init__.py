"""Tickets, windows and the order in which people are called.

`dispatch.py` is the rule, with the hall's choices; decisions/order.md derives how often somebody can be overtaken. It
also counts who was passed, finds the place of a late-comer and applies the rule to the line of one service;
`public_order.py` explains it to people.

A place is a moment and a turn; the sort key is the place less the credit of the class. A ticket that got a new place
has no credit any more. A call that was given back (`return`) counts as never made for the ticket's wait and its number
of calls; the log keeps it.

`offers.py` says whether a service gives a ticket now and, if not, why. Stations grey a key by it, and issuing asks the
same function. `overview.py` answers what several stations ask of a `HallState`.
"""
