"""What `explain` knows beside what is seen from the outside: what the spec wants, what the engine has, and why."""
