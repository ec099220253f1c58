"""`--push`: a round trip through a registry's public name, as `docker push` and `docker pull` make it.

`gate` finds out how to log in, `upload` pushes blobs, and `trip` is the whole round.
"""
