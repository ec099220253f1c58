"""What a swarm's manager says about its services, tasks, nodes and networks. Read only; every backend may ask."""
