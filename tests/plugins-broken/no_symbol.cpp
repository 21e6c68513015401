// SPDX-License-Identifier: Apache-2.0
// A shared library that is no plugin: no descriptor.

extern "C" __attribute__((visibility("default"))) int shadowcat_something_else() { return 1; }
