"""What only this project may know: the values of its secrets, the passwords of its users, and their htpasswd files."""
