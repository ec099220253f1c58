"""`--push`: a round trip through a registry's public name, as `docker push` and `docker pull` make it.

`gate` asks how one gets in, `upload` brings blobs in, and `trip` is the whole round.
"""
