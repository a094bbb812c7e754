"""Reading the person's sheets: a manager all of them, everybody the own one."""
