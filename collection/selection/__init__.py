"""Titles on offer, from requests, gifts and publishers: which holding each is, and what the written rules say of it."""
