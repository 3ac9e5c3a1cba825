"""Personal data in a text: e-mail addresses, phone numbers, payment cards, bank accounts. Pure.

Cards and accounts count only where their check digits are right, so that part and serial numbers do not.
"""

from __future__ import annotations

import re
from typing import Literal

PersonalKind = Literal["e-mail address", "phone number", "card number", "bank account"]

_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}\b"
)
_CARD = re.compile(
    r"(?<![\w-])(?:\d{4}(?:[ -]\d{4}){3}|\d{4}[ -]\d{6}[ -]\d{5}|\d{13,19})(?![\w-]|[ -]\d)"
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
# In the forms in which people write them: with a plus, a national 0 and a break, or as (555) 010-4477.
_PHONE = re.compile(
    r"(?<![\w.,/+-])(?<!\d )(?:\+\d{1,3}[ ./()-]*(?:\d[ ./()-]*){6,13}\d"
    r"|\(?0\d{1,5}\)?[ /-]{1,3}\d(?:[ /-]?\d){4,10}"
    r"|\(\d{3}\) ?\d{3}[ -]\d{4}|\d{3}-\d{3}-\d{4})(?![\w-])"
)


def personal_data(text: str) -> tuple[tuple[PersonalKind, str], ...]:
    """What of a text may be personal, with its kind, in the order of the kinds."""
    found: list[tuple[PersonalKind, str]] = [("e-mail address", m) for m in _MAIL.findall(text)]
    accounts = [m for m in _ACCOUNT.findall(text) if _account_holds(m)]
    found += [("bank account", m) for m in accounts]
    rest = text
    for account in accounts:
        rest = rest.replace(account, " ")
    cards = [m for m in _CARD.findall(rest) if _card_holds(m)]
    found += [("card number", m) for m in cards]
    for card in cards:
        rest = rest.replace(card, " ")
    found += [("phone number", m.strip()) for m in _PHONE.findall(rest)]
    return tuple(found)


def _card_holds(text: str) -> bool:
    """Say whether the check digit is right (Luhn) and the number begins as those of cards do."""
    digits = [int(char) for char in text if char.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) == 1:
        return False
    doubled = [
        (digit * 2 - 9 if digit > 4 else digit * 2) if i % 2 else digit
        for i, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0


def _account_holds(text: str) -> bool:
    """Say whether the check digits of an IBAN are right (ISO 7064, modulo 97)."""
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
