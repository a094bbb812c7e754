"""How many windows a day needs, who sits where, and what helps when lines run late.

`windows_needed.py` holds Erlang's formulas; `day.py` puts the windows needed beside those of the roster and those that
were open, and says who worked where. A roster is edited row by row (`rostering.py`): a row that names a day more
exactly replaces a general one, and `off` plans nobody.

`move_search.py` finds what is about to go wrong, lists what could be done, tries each of these as another pass over the
same hall and keeps the best few; `outlook.py` says what such a pass means for the next half hour. Afterwards
`made_moves.py` compares what moves did with what was forecast when they were taken.
"""
