"""What does the real Traefik make of a stack? It is asked without containers, without an engine and without a network.

- `question.py`: what is asked: containers, a static configuration, dynamic files. Whoever asks makes it.
- `binaries.py`: which Traefiks this machine has.
- `decoded.py`: Traefik reads the whole static configuration, and starts nothing.
- `static.py`, `dynamic.py`, `labels.py`: the same without what would reach out of this machine.
- `engine_api.py`, `swarm_api.py`: a Docker Engine that only answers questions.
- `process.py`: the one place here that starts a program, and always ends it.
- `ask.py`: all of it together gives an `Answer`.

Nothing here judges. Only the code behind `lint --with-traefik` and `lint --upgrade` may import this room, and tests.
"""
