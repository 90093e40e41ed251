"""Every mistake of a pack at once, so that a librarian mends them in one go."""

from collection import words
from collection.words import Problem


class PolicyErrors(Problem):
    """All mistakes found in a pack or an expression.

    Attributes:
        problems: list of Problem, in the order of the files.
    """

    def __init__(self, problems: list[Problem]):
        super().__init__("policy.refused", count=len(problems))
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join([words.say(self.key, **self.values), *(str(problem) for problem in self.problems)])
