"""Why two are one or not, and how an entity came together."""
