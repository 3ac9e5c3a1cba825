"""sqlite_utils without pandas, which it imports where there is one, only to know one more type of value.

Every command would pay half a second for that.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or "pandas" in sys.modules:
    from sqlite_utils import Database, Migrations
else:
    sys.modules["pandas"] = (
        None  # an import that finds None here fails as if there were no such package
    )
    try:
        from sqlite_utils import Database, Migrations
    finally:
        del sys.modules["pandas"]

__all__ = ["Database", "Migrations"]
