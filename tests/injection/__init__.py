"""Faults injected at system calls of the commands that write (`make faults`)."""
