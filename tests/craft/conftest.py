"""How the tests of this room run."""

from hypothesis import settings

# A busy machine is no failure of the program; pytest-timeout guards against endless tests.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
