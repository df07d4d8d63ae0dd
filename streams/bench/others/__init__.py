"""Made tips by an author who did not know how tips are read: `first.jsonl` was looked at while the reader was
built, `second.jsonl` was not."""
