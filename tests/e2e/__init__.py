"""The installed ``digest-tui``, started, used and ended as a user would."""
