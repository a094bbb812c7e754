"""The calendar of a hall: single dates that are not as their weekday, typed, published or from a table."""
