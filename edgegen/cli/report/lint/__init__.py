"""The answer of `edgegen lint` in every format: text, JSON, GitHub's annotations, SARIF, JUnit."""
