// SPDX-License-Identifier: Apache-2.0
// Marks what libshadowcat-sdk.so exports.
#pragma once

#define SHADOWCAT_API __attribute__((visibility("default")))
