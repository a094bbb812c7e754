"""What customers say of their visits and what the hall does about it: reasons, comments, cases with deadlines; and what
inspections find, until it is put right.

A sheet that is begun copies its items into the event: it goes on with the ones it had, and is worked out again from
them, whatever the set-up says later."""
