"""What every other package may stand on: files, locks, errors of the system."""
