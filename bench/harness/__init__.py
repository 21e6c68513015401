# SPDX-License-Identifier: Apache-2.0
"""The benchmark of bench/run: what is measured, against whom, and how it is reported."""
