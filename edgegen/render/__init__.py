"""Templates and models become text, and the text is parsed again before it is used."""
