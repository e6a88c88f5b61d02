"""How many examples Hypothesis tries, by profile.

`HYPOTHESIS_PROFILE` chooses one: `fast` (the default), `ci`, `quick`, `thorough`, `mutation`.
Examples are the same on every run under `ci`, `quick` and `mutation`, so that a red run can be repeated.
Nothing is timed: a slow machine is no fault of the code.
"""

import os

from hypothesis import HealthCheck, Phase, settings

ALWAYS = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
SAME = {"derandomize": True, "database": None}

settings.register_profile("fast", max_examples=30, stateful_step_count=20, **ALWAYS)
settings.register_profile("ci", max_examples=30, stateful_step_count=20, **SAME, **ALWAYS)
settings.register_profile("quick", max_examples=8, stateful_step_count=10, **SAME, **ALWAYS)
settings.register_profile("thorough", max_examples=2_000, stateful_step_count=60, **ALWAYS)
settings.register_profile("mutation", max_examples=15, stateful_step_count=12, phases=[Phase.explicit, Phase.generate], **SAME, **ALWAYS)


def _profile() -> str:
    if "MUTANT_UNDER_TEST" in os.environ:
        return "mutation"
    return os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "fast")


settings.load_profile(_profile())
