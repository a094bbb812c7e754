"""The use cases: each function is one transaction.

`change.py` turns a function of a `HallChange` into one of a `Desk` (database, hall) and an `Ask` (who, when, the
caller's command id). Before the function it checks the role, takes the hall's lock, returns the answer stored for a
repeated id, and runs the day-end that is due. The function loads, applies a rule and records events; then the tables
and the answer are written and committed.

A refusal raises `RuleError(code)` before anything is recorded; lack of rights is recorded in an access journal outside
the log. `OutsideError(code)` is trouble outside the program: database, printer, sound. Any other exception is a bug and
reaches one handler.

`change.py` also keeps the hall in memory between changes and updates it from the log, checked by hash, so that the
effects of a rolled back change are discarded. `reading.py` checks the rights of reads. `looking.py` finds the outcome
of a command whose answer was lost (decisions/lost-answers.md).

A recorded act (`Ask.recorded`) is a fact from a day recorded elsewhere: the rules of hours, skills, quotas and order do
not apply; only what is impossible for a ticket or window is refused."""
