"""What `explain` knows of a stack on a swarm: its services, their tasks, and the nodes that these are on."""
