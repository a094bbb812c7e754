"""What each login of a shared hall may do, enforced by the database itself.

`functions.py` has the SQL. Its triggers come with the tables: by them the log is only appended to, in order and with
right hashes. Logins come where a hall is shared: `tables.py` says as data what each kind of PC may do with each table,
`grants.py` grants it. A new table or column is granted there, or no PC but the owner's can use it.
decisions/rights.md says what this does not stop.

Only a manager's login reads how customers rated: `withheld_ratings.py` splits such an event in two as it
is appended and says what stands for it elsewhere, so that all stations follow one log.

`pin_tries.py` counts and commits a try at a PIN before the PIN is compared, by a clock that nobody at the PC can set,
and takes it back when it was right: a process that is killed in between, or one of twenty at once, has still tried."""
