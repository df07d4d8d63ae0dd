"""What free Chinese text says, by rules: numbers, goods, money, times, people and deals, with their places.

`spans.read_text` reads values, `deals.read_deals` who dealt what to whom and how surely that is said,
`redaction` hides the person who gave a tip, `sketch` makes it known again when it is copied
that were changed. All of them work on any string, in time linear in its length, and never raise.
"""
