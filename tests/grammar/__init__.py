"""`make grammar`: what each Traefik understands, read from its own binaries, as `edgegen/traefik/grammar/*.txt`."""
