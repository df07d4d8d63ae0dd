"""The vault: the original bytes of every record and the reporters, sealed to a public key.

Whoever writes needs only the public key, which stands in the vault's file; reading needs the key
file and leaves a line in the audit. Losing the key file loses the originals, not the graph.
"""
