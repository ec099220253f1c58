"""`add`: what is asked for, the pieces that it is made of, and the edge.yaml that has them."""
