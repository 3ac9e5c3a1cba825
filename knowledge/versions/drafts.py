"""Which new versions wait as drafts until somebody publishes them: a rule for each product.

Knows the table; nothing of files, answers or pages.
"""

from __future__ import annotations

from typing import Literal, get_args

from knowledge.errors import KnowledgeError
from knowledge.storage.database import Connections
from knowledge.storage.engine import Database

# "used": where answers or adapter examples rest on the version that is searched.
DraftRule = Literal["used", "always", "never"]
DRAFT_RULES: tuple[DraftRule, ...] = get_args(DraftRule)


def draft_rule(db: Database, product: str) -> DraftRule:
    """Return the rule for the manuals of a product ("" for those without one)."""
    row = db.execute("SELECT rule FROM draft_rules WHERE product = ?", [product]).fetchone()
    return next((rule for rule in DRAFT_RULES if row and row[0] == rule), "used")


def set_draft_rule(connections: Connections, product: str, rule: str) -> None:
    """Keep the rule for the manuals of a product. Raises KnowledgeError for a rule that there is not."""
    if rule not in DRAFT_RULES:
        raise KnowledgeError(f"A rule is one of {', '.join(DRAFT_RULES)}.")
    with connections.writing() as db:
        db.execute("INSERT OR REPLACE INTO draft_rules VALUES (?, ?)", [product, rule])
