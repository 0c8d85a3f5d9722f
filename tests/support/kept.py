"""What every application of a process makes alike is made once: the code of its templates and of its addresses.

A run makes hundreds of applications. Both are compiled from nothing but their source, so that nobody can tell a kept
one from a new one; each application still has an environment and a map of its own.
"""

import gc
from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Code by name and by digest of the source: a template that changes is compiled anew."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.known[bucket.key, bucket.checksum] = bucket.code


class Address(Rule):
    """A rule whose builder, a plain function of the rule, is kept."""

    known: dict[Any, Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        converters = [(name, type(one)) for name, one in sorted(self._converters.items())]
        key = repr((append_unknown, self.rule, self._trace, sorted((self.defaults or {}).items()), converters))
        if key not in self.known:
            self.known[key] = super()._compile_builder(append_unknown)
        return self.known[key]


def install() -> None:
    Flask.jinja_options = {"bytecode_cache": Templates()}
    Flask.url_rule_class = Address


def collect_less() -> None:
    """Some hundred megabytes stay to the end of a run: the collector need not look at them again and again.

    What was there before the first test is left out for good; of the rest, only what is young is looked at often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
