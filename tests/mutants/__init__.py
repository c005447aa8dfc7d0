"""Faults made by a program, one at a time: does a test see each?"""
