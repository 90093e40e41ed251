"""蔵書のものさし (Monosashi): collection development and weeding by the library's own written rules."""

from importlib.metadata import version

__version__ = version("monosashi")
