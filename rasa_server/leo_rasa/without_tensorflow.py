"""Leaving TensorFlow out: 1.8 GB on disk, 400 MB in memory, seconds of every start.

Rasa imports TensorFlow wherever a neural component is defined, also when none is used. Leo's
pipeline uses none, so `rasa_server/pyproject.toml` does not install it, and whoever imports it
gets a stand-in that can be subclassed, called and used as a decorator, but computes nothing.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, ClassVar, List, Optional, Text

LEFT_OUT = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras")


class _StandIn(type):
    """A class whose every attribute is another such class."""

    def __getattr__(cls, name: Text) -> Any:
        return _stand_in(name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # `@tf.function` leaves the function as it is; anything else gives a stand-in again.
        return args[0] if len(args) == 1 and callable(args[0]) else _stand_in(cls.__name__)

    def __or__(cls, other: Any) -> Any:
        return cls


class _Module(ModuleType):
    __path__: ClassVar[List[Text]] = []

    def __getattr__(self, name: Text) -> Any:
        return _stand_in(name)


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, fullname: Text, path: Any, target: Any = None) -> Optional[ModuleSpec]:
        left_out = fullname.partition(".")[0] in LEFT_OUT
        return ModuleSpec(fullname, self, is_package=True) if left_out else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def _stand_in(name: Text) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _StandIn(name, (), {})


def leave_tensorflow_out() -> None:
    """Give the stand-in to whoever imports TensorFlow. Call it before Rasa is imported."""
    sys.meta_path.insert(0, _Finder())
