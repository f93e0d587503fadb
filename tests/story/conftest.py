"""Books that some tests read."""

from pathlib import Path

import pytest


@pytest.fixture
def books():
    """The folder of public-domain books beside the checkout."""
    folder = Path(__file__).parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the books are not beside this checkout")
    return folder
