# SPDX-License-Identifier: Apache-2.0
# Reads what callgrind has dumped: self cost and calls by function.
import re
from collections import Counter

_ALLOCATORS = frozenset(
    "malloc calloc realloc reallocarray memalign aligned_alloc posix_memalign valloc pvalloc".split()
)
_INSIDE_ALLOCATOR = re.compile(r"_*(mid_|int_|libc_)?(memalign|malloc|calloc|realloc|valloc|pvalloc)\b.*")

_NAME = re.compile(r"\((\d+)\)(?: (.*))?")
_COST = re.compile(r"[+\-*\d]\S* (\d+)")


def _inside_allocator(function):
    return function in _ALLOCATORS or _INSIDE_ALLOCATOR.fullmatch(function) is not None


class Profile:
    """One dump. Names are as in the symbol table; a recursion's levels ('2) are taken together."""

    def __init__(self, path):
        self.path = path
        self.self_cost = Counter()
        self.calls = Counter()  # (caller, callee) -> times
        self._names = {}
        with open(path, encoding="utf-8", errors="replace") as lines:
            self._read(lines)

    @property
    def instructions(self):
        return sum(self.self_cost.values())

    @property
    def allocations(self):
        """Calls from outside the C library's allocator into it."""
        return sum(self.allocating().values())

    def allocating(self):
        """Who calls the allocator, and how often."""
        by_caller = Counter()
        for (caller, callee), times in self.calls.items():
            if callee in _ALLOCATORS and not _inside_allocator(caller):
                by_caller[caller] += times
        return by_caller

    def _read(self, lines):
        function = callee = None
        inclusive_next = False
        for line in lines:
            if line.startswith("fn="):
                function = self._name(line[3:])
            elif line.startswith("cfn="):
                callee = self._name(line[4:])
            elif line.startswith("calls="):
                self.calls[function, callee] += int(line[6:].split()[0])
                inclusive_next = True  # the next line is the callee's cost, counted there
            elif found := _COST.match(line):
                if not inclusive_next:
                    self.self_cost[function] += int(found[1])
                inclusive_next = False

    def _name(self, text):
        """`(7) name` names number 7, `(7)` refers to it."""
        number, name = _NAME.match(text.strip()).groups()
        if name is not None:
            self._names[number] = re.sub(r"'\d+$", "", name)
        return self._names[number]
