# SPDX-License-Identifier: Apache-2.0
"""Why an arm has no figures."""


class Missing(Exception):
    """A program is not on this machine: the arm is left out."""


class Wrong(Exception):
    """An answer was wrong or missing: the arm is refused, and the run fails."""


class Unable(Exception):
    """The benchmark itself can't go on."""
