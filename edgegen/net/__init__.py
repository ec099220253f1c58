"""One HTTP client for everything edgegen asks: a total deadline, limits, no redirects followed."""
