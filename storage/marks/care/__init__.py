"""Looking after marks: exports, backups, devices, examination and repair."""
