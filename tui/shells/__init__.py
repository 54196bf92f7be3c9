"""What shells complete and what the man page says, made from the declarations of the command line."""
