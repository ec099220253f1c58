"""Templates and models become text, and the text is read again before anybody trusts it."""
