"""The counter: call, start, finish, one key each."""
