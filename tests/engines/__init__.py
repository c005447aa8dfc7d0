"""Engines that operators run, fetched from Maven Central for `make test-engines`."""
