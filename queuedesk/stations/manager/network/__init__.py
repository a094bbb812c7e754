"""Several PCs and backups.

`sharing_page.py` shares the hall, shows the code and the PCs. Its button moves the hall in the manager's own process,
by the person who pressed it, because a command would ask for the PIN again; `queuedesk host` then goes on beside it.
The station opens anew where the hall is, signs in who was there if the log is the same one, and shows what was seen."""
