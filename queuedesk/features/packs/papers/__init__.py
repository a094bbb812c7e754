"""The meeting pack of a month and the summary of a quarter: read once (read.py), said once (document.py), as files
(files.py), and on the manager's page, whose figures open what they count."""
