"""The user's own programs, run when papers are starred, read or noted."""
