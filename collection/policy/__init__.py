"""A library's own rules as data: read, checked, compiled to SQL, put into words."""

from collection.policy.check import check
from collection.policy.errors import PolicyErrors
from collection.policy.load import load
from collection.policy.model import Policy, PolicyList, Rule, ScorePart

__all__ = ["Policy", "PolicyErrors", "PolicyList", "Rule", "ScorePart", "check", "load"]
