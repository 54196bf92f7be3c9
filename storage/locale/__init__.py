"""The catalogues of the interface's languages, and what makes them."""
