"""Books that some tests read."""

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure of the program; pytest-timeout guards against endless tests.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


@pytest.fixture
def books():
    """The folder of public-domain books beside the checkout."""
    folder = Path(__file__).parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the books are not beside this checkout")
    return folder
