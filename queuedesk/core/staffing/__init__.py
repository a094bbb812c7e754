"""How many windows a day needs, who sits where, and moves as the log keeps them.

`day.py` puts the windows needed, by Erlang's formulas, beside those of the roster and those that were open, and says
who worked where. A roster has rows (`roster.py`): one that names a day more exactly replaces a general one, and `off`
plans nobody.
"""
