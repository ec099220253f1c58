"""What changes the nodes of a swarm: joining, roles, availability, and which node runs a stack's edge."""
