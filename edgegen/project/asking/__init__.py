"""The use case of `lint --with-traefik`: what does the real Traefik make of these files?"""
