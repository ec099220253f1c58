"""The picture of a project: hosts, routers, middlewares, services and networks, from what it renders. Pure."""
