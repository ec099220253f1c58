"""Looking: each look does input and output within a deadline, gives what it saw, and never raises or judges."""
