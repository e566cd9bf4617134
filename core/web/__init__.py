"""What browsers call: the server, its routes, and the page to print."""
