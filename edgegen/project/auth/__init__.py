"""`auth`: the users of basic-auth middlewares, whose lines edge.yaml itself holds."""
