"""What deserves a case team's attention: one module a rule, its policy in `streams/rules/NAME.toml`.

A rule is a function of the live records and judgements alone. `streams.stages.detect` chooses the
subjects whose finding may have changed; `book` compares with the alerts that stand.
"""
