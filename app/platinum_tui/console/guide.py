"""The first steps as questions, one after the other: vault and keys, the first server, a message to oneself."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from platinum_tui.model.errors import ConfigurationError, PlatinumError
from platinum_tui.review.founding import MailAccess
from platinum_tui.system.server_settings import is_host

if TYPE_CHECKING:
    from platinum_tui.review.founding import FirstSteps


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        text: what is asked.
        help: what it means, and what happens with the answer.
        usual: stands in the line at first.
        secret: whether the answer is not to be seen.
        wrong: what was wrong with the last answer.
    """

    text: str
    help: str
    usual: str = ""
    secret: bool = False
    wrong: str = ""


Asking = Generator[Question, str, None]


def first_steps(steps: FirstSteps, usual_folder: str) -> Asking:
    """Ask, do what was answered, go on; what a step makes stands in `steps.said`."""
    yield from _until_done(
        Question(
            "Which folder becomes the vault?",
            "Its folders are made where they are missing, and a configuration and your signing key beside it.",
            usual_folder,
        ),
        steps.found,
    )
    address = steps.sender or (yield from _mail(steps))
    if address:
        yield from _until_done(
            Question(
                f"Put a test message to {address} into the queue?",
                "You read it and approve it like any other. n leaves it out.",
                "yes",
            ),
            lambda answer: None if answer.lower().startswith("n") else steps.put_test_message(address),
        )


def _mail(steps: FirstSteps) -> Generator[Question, str, str]:
    """Set up outgoing mail; gives the sender's address, or nothing where that is left for later."""
    wrong = ""
    while True:
        address = yield from _until_done(
            Question(
                "Your own mail address?",
                "Mail goes out in its name. Leave it empty to set up servers later.",
                wrong=wrong,
            ),
            _check_address,
        )
        if not address:
            return ""
        domain = address.rpartition("@")[2]
        host = yield from _until_done(
            Question("Your provider's server for outgoing mail?", "Its help pages name it.", f"smtp.{domain}"),
            _check_host,
        )
        port = yield from _until_done(
            Question("Its port?", "465 speaks TLS at once, every other one STARTTLS.", "587"), _check_port
        )
        username = yield Question("Your user name there?", "Empty where it asks for none.", address)
        password = ""
        if username:
            password = yield Question(
                "Your password there?",
                "It goes into the keyring, or the encrypted file in its place, and nowhere else. "
                "With two-factor login it is an app password.",
                secret=True,
            )
        try:
            steps.set_up_mail(MailAccess(address, host, port, username, password))
        except PlatinumError as error:
            wrong = f"{error.message} {error.remedy}"
        else:
            return address


def _check_address(answer: str) -> None:
    local, _, domain = answer.rpartition("@")
    if answer and not (local and "@" not in local and is_host(domain)):
        raise ConfigurationError("This is no mail address.", remedy="It looks like me@example.com.")


def _check_port(answer: str) -> None:
    if not (answer.isascii() and answer.isdigit() and 0 < int(answer) < 2**16):
        raise ConfigurationError("This is no port.", remedy="It is a number from 1 to 65535, 587 or 465 for most.")


def _check_host(answer: str) -> None:
    if not is_host(answer):
        raise ConfigurationError(
            "This is not a server's name or address alone.",
            remedy="Leave out all the rest; its port is asked for next.",
        )


def _until_done(question: Question, do: Callable[[str], None]) -> Generator[Question, str, str]:
    """Ask until the answer can be done; gives that answer."""
    while True:
        answer = yield question
        try:
            do(answer)
        except PlatinumError as error:
            question = replace(question, usual=answer, wrong=f"{error.message} {error.remedy}")
        except OSError as error:
            question = replace(question, usual=answer, wrong=str(error))
        else:
            return answer
