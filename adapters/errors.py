"""What can go wrong with model servers and adapters. Every class carries a hint: what the user can do about it.

AdapterError
├─ ServerError
│  ├─ ServerUnreachable      nobody answers there
│  │  └─ ServerResting       it failed too often; the next try comes by itself
│  ├─ ServerBusy             it answers, but says to come back later
│  ├─ ServerRefused          it answers with an error
│  │  ├─ KeyRefused          it wants another API key
│  │  ├─ CannotCreate        it makes no models; adapters are served there by name
│  │  ├─ ModelMissing
│  │  ├─ CannotLoad          the model is there, but the server cannot run it
│  │  └─ Repeating           the model says the same thing without end
│  ├─ OutOfMemory
│  ├─ TooSlow                a time limit passed
│  ├─ StreamBroken           the answer stopped before its end
│  └─ BadReply               what came back is not what a model server sends
├─ BadAddress                what is set is not the address of a model server
├─ Stopped                   somebody stopped the call
├─ QueueFull                 too many wait already
├─ CannotConvert             an adapter that no server could load as it is
├─ CannotMerge
├─ BadTrainingList           the list of what it was trained on cannot be read
├─ NoSuchDataSet
├─ DataSetNotKept            a data set cannot be written or removed
├─ MissingPackage            an optional package is not installed
├─ TrainingFailed
├─ CannotTrain            a training that cannot begin or go on
├─ HeldBack               the gate lets an adapter not be served beside the one that is
└─ CardError
   └─ NoSuchCard
"""

from __future__ import annotations


class AdapterError(Exception):
    """Base of all. ``str(error)`` is one clear sentence; ``hint`` says what to do."""

    hint = ""


class ServerError(AdapterError):
    """A call to a model server did not end as it should."""


class ServerUnreachable(ServerError):
    hint = (
        "Start the model server, or correct its address (TANDEM_MODEL_SERVERS, TANDEM_OLLAMA_URL)."
    )


class ServerResting(ServerUnreachable):
    """The circuit breaker is open: the last calls failed, so this one was not made."""

    hint = "Tandem tries the model server again by itself within some seconds."


class ServerBusy(ServerError):
    hint = "Wait a little and ask again."


class ServerRefused(ServerError):
    hint = "The sentence above is the model server's own; its log may say more."


class KeyRefused(ServerRefused):
    hint = "Set TANDEM_API_KEY to the key that the model server expects."


class CannotCreate(ServerRefused):
    """This kind of server serves models under their names; none can be made, copied or removed there."""

    hint = (
        "Load the adapter in the model server itself (vLLM: --enable-lora --lora-modules NAME=FOLDER; llama.cpp: --lora FILE),"
        " then import it by the name that the server lists: python run.py import NAME."
    )


class ModelMissing(ServerRefused):
    hint = "Add the model on the model server, or correct its name."


class CannotLoad(ServerRefused):
    """The model exists, but the server cannot run it. An adapter may not fit its base."""

    hint = (
        "Check that the adapter was trained on this very base, or publish it merged into its base."
    )


class Repeating(ServerRefused):
    hint = "Ask in other words, or use a larger model."


class OutOfMemory(ServerError):
    hint = "Use a smaller model or a smaller context, or stop other models on the model server."


class TooSlow(ServerError):
    hint = "The model server may be loading a model or be overloaded. Ask again, or use a smaller model."


class StreamBroken(ServerError):
    hint = "Ask again. If it happens often, read the model server's log."


class BadReply(ServerError):
    hint = "Check that the address is that of a model server, and of no other program."


class BadAddress(AdapterError):
    """The sentence says which address, and what is wrong with it; never a password."""

    hint = "For example: ollama+http://127.0.0.1:11434, openai+http://gpu-box:8000/v1"


class Stopped(AdapterError):
    """Somebody stopped the call; the connection is closed."""

    hint = "Ask again when you want the answer."


class QueueFull(AdapterError):
    hint = "Wait until some answers are done, then ask again."


class LongLine(AdapterError):
    """More wait for the model server than somebody who has quotes would stand in line for."""

    hint = "Ask again later, when fewer wait."


class CannotConvert(AdapterError):
    """The adapter is not one that a model server loads. The sentence names the reason."""

    hint = "Train it again with plain LoRA on the linear layers, or merge it into its base."


class CannotMerge(AdapterError):
    hint = "Merge it where it was trained, and import the merged model."


class BadTrainingList(AdapterError):
    """A list of pairs, or what is wanted of it, cannot be. The sentence says what; ``ROWS`` is the hint for its lines."""

    ROWS = (
        'One JSON object per line: {"question": "…", "answer": "…", "passage_hash": "…"}.'
        " Other forms are read by: run.py dataset import NAME FILE."
    )

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint


class NoSuchDataSet(AdapterError):
    hint = "List the data sets to see which there are."


class DataSetNotKept(AdapterError):
    hint = "Look at the disk and at the rights of the data folder, then try again."


class MissingPackage(AdapterError):
    hint = "pip install -r requirements-train.txt"


class TrainingFailed(AdapterError):
    hint = "The log beside the result says more."


class CannotTrain(AdapterError):
    """A training that cannot begin, or go on, as it was asked for. The sentence names the reason."""

    hint = "See: run.py train --help"


class CardError(AdapterError):
    """An adapter's card cannot be read or written."""

    hint = "Import the adapter again; that writes a new card."


class NoSuchCard(CardError):
    hint = "List the adapters to see which there are."


class HeldBack(AdapterError):
    """The verdict on an adapter's card, against the one that is served, is that it must not take its place."""

    hint = (
        "Train it again and prove it, or serve it all the same with a written reason: --because on the command line, the field"
        " beside its name on the page Models."
    )
