"""Passwords: made, kept as argon2id, and compared with the same work whether there is an account or not."""

import secrets
import unicodedata
from threading import BoundedSemaphore

import argon2

from collection.words import Problem

SHORTEST, LONGEST = 10, 200  # characters
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is taken for another: no l, o, 0, 1

_hasher = argon2.PasswordHasher()
_nobody = _hasher.hash(secrets.token_urlsafe())
_few = BoundedSemaphore(2)  # each comparison takes 64 MB


def generate() -> str:
    """A password of four groups of four, 80 bits, of letters and digits that are not taken for one another."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def kept(password: str) -> str:
    """What is kept of a password. Raises Problem for one that is too short or too long."""
    password = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Problem("accounts.password_length", shortest=SHORTEST, longest=LONGEST)
    with _few:
        return _hasher.hash(password)


def matches(hashed: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; None, for no account, takes as long and never matches."""
    with _few:
        try:
            _hasher.verify(hashed or _nobody, unicodedata.normalize("NFKC", password[:LONGEST]))
        except argon2.exceptions.VerificationError:
            return False
    return hashed is not None
