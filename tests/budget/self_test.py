# SPDX-License-Identifier: Apache-2.0
# The budgets' own arithmetic: reading a profile, and judging figures. Needs no valgrind.
import contextlib
import io
import os
import tempfile
import unittest

from areas import OTHER, area_of, plain
from callgrind import Profile
from scene import tool_call
from verdict import Verdict, judge

PROFILE = """\
# callgrind format
version: 1
events: Ir

ob=(1) /lib/libc.so
fl=(1) malloc.c
fn=(1) malloc
12 40
fn=(2) realloc
+3 7
cfn=(1)
calls=1 12
* 10

ob=(2) shadowcat
fl=(2) main.cpp
fn=(3) serve'2
7 100
cob=(1)
cfi=(1)
cfn=(1)
calls=3 12
7 30
fi=(3)
-2 50
fe=(2)
cob=(1)
cfn=(2)
calls=1 15
9 17
cfn=(4) serve
calls=2 7
* 400

fn=(4)
8 1
cfn=(5) aligned_alloc
calls=1 3
8 20

fn=(5)
3 5
cfn=(6) _mid_memalign.constprop.0
calls=1 4
3 15

fn=(6)
4 5
cfn=(1)
calls=1 12
4 10

totals: 208
"""


def profile_of(text):
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "callgrind.1")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return Profile(path)


class Profiles(unittest.TestCase):
    def test_self_cost_is_without_callees_and_recursion_is_one_function(self):
        profile = profile_of(PROFILE)
        self.assertEqual(profile.self_cost, {"malloc": 40, "realloc": 7, "serve": 151,
                                             "aligned_alloc": 5, "_mid_memalign.constprop.0": 5})
        self.assertEqual(profile.instructions, 208)

    def test_allocations_come_from_outside_the_allocator(self):
        profile = profile_of(PROFILE)
        self.assertEqual(profile.allocations, 5)
        self.assertEqual(profile.allocating(), {"serve": 5})


class Areas(unittest.TestCase):
    def test_names_lose_what_does_not_name(self):
        self.assertEqual(plain("void a::b<int, c<d> >::f<e>(g<h (i)> const&) const [clone .actor]"), "a::b::f")
        self.assertEqual(plain("shadowcat::sdk::v1::Message::release[abi:cxx11]() &&"), "shadowcat::sdk::Message::release")
        self.assertEqual(plain("x::(anonymous namespace)::f(x::(anonymous namespace)::g)"), "x::(anonymous namespace)::f")
        self.assertEqual(plain("operator new(unsigned long)"), "operator new")
        self.assertEqual(plain("a::less::operator()(int) const"), "a::less::operator")

    def test_the_first_pattern_decides(self):
        self.assertEqual(area_of("shadowcat::sdk::v1::Message::method() const"), "JSON")
        self.assertEqual(area_of("shadowcat::http::RequestParser::feed(std::string)"), "HTTP parsing")
        self.assertEqual(area_of("_int_free"), "allocation")
        self.assertEqual(area_of("boost::asio::detail::scheduler::run(boost::system::error_code&)"), "event loop")
        self.assertEqual(area_of("nobody"), OTHER)


class Verdicts(unittest.TestCase):
    def verdict(self, measured, budget, ceiling=None):
        return Verdict("instructions", measured, budget, 0.05, ceiling)

    def test_tolerance(self):
        self.assertTrue(self.verdict(1050, 1000).within)
        self.assertFalse(self.verdict(1051, 1000).within)
        self.assertFalse(self.verdict(950, 1000).can_be_lowered)
        self.assertTrue(self.verdict(949, 1000).can_be_lowered)

    def test_a_ceiling_binds_once_the_budget_meets_it(self):
        self.assertFalse(self.verdict(1021, 1000, 1020).within)
        self.assertTrue(self.verdict(1051, 1001, 1000).within)
        self.assertTrue(any("aims at" in remark for remark in self.verdict(1051, 1001, 1000).remarks))

    def test_timers_may_allocate_but_calls_may_not(self):
        self.assertTrue(Verdict("allocations", 0.2, 0, 0.05).within)
        self.assertFalse(Verdict("allocations", 1, 0, 0.05).within)

    def test_both_numbers_are_printed(self):
        path = {"budget": {"instructions": 1000}, "ceiling": {}}
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertFalse(judge("http-x", path, {"instructions": 1200}, 0.05))
        self.assertIn("http-x: 1,200 instructions a call, budget 1,000 +20.0%; OVER", output.getvalue())


class Calls(unittest.TestCase):
    def test_a_call_has_200_bytes(self):
        self.assertEqual({len(tool_call(number)) for number in (1, 77, 12345)}, {200})


if __name__ == "__main__":
    unittest.main()
