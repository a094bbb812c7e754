"""What a hall's log and set-up hold of its staff's sheets: disputed rows, closed months, training, the scheme.

How sheets are worked out stands in features/staff.
"""
