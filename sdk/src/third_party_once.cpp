// SPDX-License-Identifier: Apache-2.0
// Asio, Asio SSL and Beast, compiled here and nowhere else: one copy keeps error identity across
// .so's.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
