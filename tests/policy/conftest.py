from pathlib import Path

import pytest

from tests.policy.small_pack import write_pack


@pytest.fixture
def small(tmp_path) -> Path:
    """The folder of the small pack."""
    return write_pack(tmp_path)
