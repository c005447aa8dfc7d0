"""Which files of a folder are read, and reading them: nothing is passed over."""
