"""Set-up's page of the calendar: a year as one picture, and the panel of the dates chosen."""
