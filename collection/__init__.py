"""蔵書のものさし (Monosashi): collection development and weeding by the library's own written rules."""

__version__ = "0.1.0"
