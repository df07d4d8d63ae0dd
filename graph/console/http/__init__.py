"""The console over HTTP: routes, what is asked before each, and how errors are said."""
