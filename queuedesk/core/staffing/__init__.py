"""The windows a day needs, the roster, and moves as the log keeps them.

`day.py` compares the windows needed, by Erlang's formulas, with those of the roster and those that were open, and
lists who worked where. A roster row (`roster.py`) that names a day more precisely replaces a general one; `off` plans
nobody."""
