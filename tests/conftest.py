from hypothesis import settings

# No test is timed: a busy machine is no fault of the code.
settings.register_profile("needscast", deadline=None)
settings.load_profile("needscast")
