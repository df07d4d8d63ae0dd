"""Made tips: Chinese texts of many styles in which it is known who dealt what to whom, and how surely.

`writer.write_tips` makes them. `styles` holds the phrasings that rules may be tuned on, `held_out`
those that no rule has seen: the difference of the two says how much was learned by heart.
"""
