"""What `verify` saw, as text, JSON, JUnit XML, annotations of GitHub and one HTML page."""
