"""What `explain` knows besides what is seen from the outside: what the spec wants, what the engine has, and why."""
