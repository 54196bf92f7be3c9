"""The tests, mirroring the two halves."""
