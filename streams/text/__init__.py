"""What free Chinese text says, by rules: numbers, goods, money and times, each with its place.

`spans.read_text` reads, `redaction` hides the person who gave a tip, `fingerprint` recognises
copies, `sketch` makes those comparable that were changed. All of them work on any string, in time linear in
its length, and never raise.
"""
