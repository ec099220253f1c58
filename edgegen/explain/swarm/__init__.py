"""What `explain` sees in a stack on a swarm: its services, their tasks, and the nodes that these are on."""
