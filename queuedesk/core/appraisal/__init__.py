"""The person's sheet: what a month of somebody's work comes to by the hall's scheme, and how far that can be trusted.

`scheme` is the part of the set-up that says what counts, `person_sheet` works a month's rows out for everybody.
"""
