"""Reports that are written by themselves when due, and the folder that keeps them.

There is no list of kept reports: the last line of each file, a comment behind the PDF's end, says what it is and which
part of the log it was made from (`due.py`). What is due follows from log and folder alone. Only what was printed is
noted, beside the hall's file and before the printer is asked. A station starts `report due --gently` as a process of
its own (`app/services/repeated_work.py`); a lock beside the hall's file lets one of them write.
"""
