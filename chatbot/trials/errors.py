"""What can be wrong with a comparison. Every class carries a hint."""

from __future__ import annotations

from chatbot.errors import ChatError


class NoSuchPair(ChatError):
    hint = "Ask the question again."


class NoSuchTrial(ChatError):
    hint = "Choose one from the list of trials."


class NothingToProve(ChatError):
    hint = "Give pairs with a split: run.py dataset split."


class NotVoted(ChatError):
    hint = "Compare the answers to another question to vote once more."


class BadTrial(ChatError):
    hint = "Give it a name, and at least two ways to answer."


class ServedAlready(ChatError):
    hint = "Choose an adapter that is not served."


class NoSuchRun(ChatError):
    hint = "Choose one from the list of evaluations."
