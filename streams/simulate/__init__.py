"""Made worlds with their truth, for tests, benches and the demonstration.

Nothing here imports the rest of the project or uses its tables: a simulator that shared its
error model with the resolver would only prove that the two agree.
"""
