"""Buttons that ask for something: what they carry, and what Rasa is told of them."""

import pytest

from bot.chat.commands import for_rasa
from bot.usecases.messages import Deed, Incoming, Told, deed


@pytest.mark.parametrize(
    ("payload", "heard"),
    [
        ("do.reflect_now", "/reflect_now"),
        ("do.want_practice.vuca-lens", '/want_practice{"practice": "vuca-lens"}'),
        ("do.plan_done.17-partly", '/plan_done{"practice": "17-partly"}'),
        ("17.grown.3", "/press"),
        ("do.", "/press"),
        ("do.want_practice.", "/press"),
        ('do.want_practice.x"}', "/press"),
        ("do.want_practice.x\n", "/press"),
        ("do.Delete_data", "/press"),
    ],
)
def test_what_rasa_hears_of_a_button(payload: str, heard: str) -> None:
    """A button that asks for something is heard as its intent; any other one as a press."""
    assert for_rasa(Incoming("telegram", 1, "1", Told.PRESS, payload)) == heard


def test_words_are_never_a_button() -> None:
    """Somebody who types what a button carries has written words."""
    incoming = Incoming("telegram", 1, "1", Told.TEXT, "do.delete_data")
    assert (incoming.deed, for_rasa(incoming)) == (None, "do.delete_data")


def test_a_button_carries_what_it_asks_for() -> None:
    """What a button is made of comes back when it is pressed."""
    button = deed("Vuca", "want_practice", "vuca-lens")
    assert button.title == "Vuca"
    pressed = Incoming("telegram", 1, "1", Told.PRESS, button.payload)
    assert pressed.deed == Deed("want_practice", "vuca-lens")
    resume = Incoming("telegram", 1, "1", Told.PRESS, deed("x", "resume").payload)
    assert resume.deed == Deed("resume")
