"""What every room's tests start from."""

import icalendar
import pytest
import vobject


@pytest.fixture(autouse=True)
def zones_of_no_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers keep the zones of the files they read before, each for the years of its own entries only."""
    icalendar.use_zoneinfo()
    monkeypatch.setattr(vobject.icalendar, "__tzidMap", {})
