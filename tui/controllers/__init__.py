"""What the keys do: each module acts on one side of the reading screen."""
