"""気になる動き: unusual loans, dates and tags, listed for a manager with the evidence. Nothing is done about them by itself."""
