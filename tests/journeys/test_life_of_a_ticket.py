"""Random days lived by the desk and by the model: they never part."""

from hypothesis import HealthCheck, settings

from tests.journeys.life_machine import LifeOfATicket, LifeWithEarlyPlaces

# `scripts/test.py --explore` lives many more days, others each time.
DAYS = 60 if settings.get_current_profile_name() == "explore" else 20
THOROUGH = settings(
    max_examples=DAYS, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TestLifeOfATicket = LifeOfATicket.TestCase
TestLifeOfATicket.settings = THOROUGH
TestLifeWithEarlyPlaces = LifeWithEarlyPlaces.TestCase
TestLifeWithEarlyPlaces.settings = settings(THOROUGH, max_examples=DAYS // 3)
