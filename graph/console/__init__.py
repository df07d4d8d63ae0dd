"""The console: where investigators work, on a store that others fill.

Who may sign in (`accounts`, `sessions`), who sees what (`access`), what they leave behind (`views`,
`answers`, `visits`) and what is written down about them (`audit`). All but the audit is in one file beside
the store, the `workbench`; the audit is a file of lines. Times are microseconds and are handed in, and so
is randomness.
"""
