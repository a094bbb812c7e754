"""Days that never happened, or happened elsewhere, played through the real desk.

Days are played as fast as the desk goes: invented ones and recorded ones (features/replay), and days kept on paper
(features/paper_days), first in a throw-away hall with the same set-up so that the same rules say what is wrong. A hall
is built aside (`store/upkeep/exchange.py`) and put in place whole or not at all. Events of a paper day are then
appended here in one transaction, with `time` as it was, `at` now and `"paper": true`; the next live number skips those
that a ticket of the date has. What features play in a demo (features/demo_hall) has its form in `demand.py`.

A recorded row is a fact: `Ask.recorded` lets it pass rules, and who was passed is counted with the reason "recorded".
Tokens of tickets in such halls come from the file or the seed, so that one file always gives one log. Waits are told
without knowing which row of a window is its last."""
