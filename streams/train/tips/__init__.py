"""Made tips with who is named in them and what they say; see `README.md` beside them."""
