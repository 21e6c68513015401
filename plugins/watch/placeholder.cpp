// SPDX-License-Identifier: Apache-2.0
// To be replaced by the plugin's first source.
