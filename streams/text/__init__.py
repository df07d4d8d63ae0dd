"""What free Chinese text says, by rules: numbers, goods, money, times, people and deals, with their places.

`spans.read_text` reads values, `tips.reader.read_tip` who dealt what to whom and how surely that is said,
`redaction` hides the person who gave a tip, `sketch` makes a tip known again
in copies that were changed. All of them work on any string, in time linear in its length, and never raise.
"""
