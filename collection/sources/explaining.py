"""How a table file is understood, column by column, and the mapping that says so, to be edited."""


def explain(path, content, folder, mapping):
    """x"""
