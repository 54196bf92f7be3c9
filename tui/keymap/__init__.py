"""Which keys run which commands: names of keys, ready-made keymaps, the user's own keys, counts."""
