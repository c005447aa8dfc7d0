"""Speed, each beside a peer in the same run, as a ratio: `make bench`."""
