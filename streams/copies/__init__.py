"""Which tips are copies of others, though they were changed on their way: a function of the set of tips."""
