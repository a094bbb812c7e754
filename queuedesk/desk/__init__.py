"""What people do: one function is one transaction.

`change.py` turns a function of a `Change` into one of a `Desk` (database, hall) and an `Ask` (who, when, the caller's
own id). Around the function it checks the role, takes the hall's lock, looks for the answer kept for that id and ends
the day that is due; then the function loads, asks one rule and records; then come the tables, the kept answer and the
commit.

A refusal raises `RuleError(code)` before anything is recorded; a lack of rights is noted in an access journal outside
the log. `OutsideError(code)` is trouble outside the program: database, printer, sound. Anything else is a bug and
reaches one handler.

It also keeps the hall in memory from change to change and catches up by the log, checked by its hash: what a change
that was rolled back left there is thrown away. `reading.py` checks the rights of everything that only looks.
`looking.py` answers what became of a command whose answer never came (decisions/lost-answers.md).

A recorded act (`Ask.recorded`) is a fact from a day kept elsewhere: it passes the rules of hours, skills, quotas and
order; only what a ticket's or a window's life does not allow is refused.
"""
