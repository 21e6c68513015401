# SPDX-License-Identifier: Apache-2.0
# Which area of the proxy a function belongs to, by its name.
import re

# The first pattern that fits the beginning of a name decides; names are without return type,
# template arguments and parameters. What the compiler inlines counts where it was inlined.
_AREAS = [
    ("coroutine frames and results", r"shadowcat::sdk::(allocate_frame|release_frame|awaitable|Operation|Resumption|"
                                     r"Start\b|ResultPromise|promise|Task)|boost::asio::.*awaitable_(frame|thread|handler)|"
                                     r"boost::variant2|boost::system::(result|detail)|"
                                     r"(std::)?is_constructible|std::enable_if"),
    ("allocation", r"_*(mid_|int_|libc_)?(memalign|malloc|calloc|realloc|free)\b|aligned_alloc|posix_memalign|tcache|"
                   r"operator (new|delete)|sysmalloc|unlink_chunk|systrim|boost::asio::detail::thread_info_base|"
                   r"boost::asio::(detail::)?(aligned_|recycling)|boost::asio::asio_handler_(de)?allocate"),
    ("kernel interface", r"epoll_|_*(libc_)?(recv|recvmsg|send|sendmsg|read|write|readv|writev|poll|ioctl)(_nocancel)?$|"
                         r"timerfd_|boost::asio::detail::(socket_ops|descriptor_ops|reactive_|epoll_reactor|reactor_op|"
                         r"timer_queue|deadline_timer)|boost::asio::(basic_stream_socket|posix)|__errno_location|shadowcat::http::ByteStream"),
    ("event loop", r"boost::asio|_*pthread_|__tls_get_addr|std::_Function_handler|shadowcat::sdk::(Worker|current_worker|Wakeup|Mailbox|"
                   r"Deadline|Gate|spawn)"),
    ("JSON", r"simdjson|nlohmann|shadowcat::sdk::(EnvelopeReader|Message|is_batch|Json|json|batch|RequestHead)"),
    ("HTTP parsing", r"boost::beast|shadowcat::http::(RequestParser|ResponseParser|is_json_content|check_|parameter|"
                     r"is_this_machine|mirrors_in|era_of_post|OriginPolicy)"),
    ("HTTP to the server", r"shadowcat::http::(Upstream|Connection(Lease|Pool)|HttpLink|exchange_heads|read_answer|judge_answer|"
                           r"RequestHeads|ResponseHead|may_be_repeated|send_and_read_head|trace_of)|"
                           r"shadowcat::http::\(anonymous namespace\)::(send_and_read_head|finish_post)"),
    ("HTTP to the client", r"shadowcat::http"),
    ("stdio", r"shadowcat::transport_stdio"),
    ("answers to their calls", r"shadowcat::sdk::(\(anonymous namespace\)::)?(Multiplexer|PendingCall|CallTable|"
                               r"Attribution|Responder)"),
    ("metrics and tracing", r"shadowcat::(core::.*Metrics|sdk::(Metrics|Counter|Gauge|Histogram|Metric|ContentionFree))"),
    ("sessions", r"shadowcat::core::(Session|SessionTable|SessionIds|\(anonymous namespace\)::Session)"),
    ("pool and upstreams", r"shadowcat::(pool|core::(Upstream|LinkLease|Pool|RetryBudget|\(anonymous namespace\)::Sensed))|"
                           r"shadowcat::sdk::Quota"),
    ("calls (core)", r"shadowcat::core"),
    ("other parts of Shadowcat", r"shadowcat::"),
    ("clock", r"_*(vdso_)?clock_gettime|std::chrono::.*now|time_syscall"),
    ("strings, copies, containers", r"_*(mem|str)[a-z]+|_*wmem|std::|__gnu_cxx"),
]
_COMPILED = [(area, re.compile(pattern)) for area, pattern in _AREAS]
OTHER = "other"


def area_of(function):
    name = plain(function)
    for area, pattern in _COMPILED:
        if pattern.match(name):
            return area
    return OTHER


def plain(function):
    """`void a::f<int>(b<c>) [clone .actor]` -> `a::f`; the SDK's inline namespace goes, too."""
    name = re.sub(r"operator(<=>|<<|>>|->|\(\)|<|>)", "operator", function)
    name = name.replace("(anonymous namespace)", "\0").replace("sdk::v1::", "sdk::")
    while (shorter := re.sub(r"<[^<>]*>|\[[^][]*\]|\([^()]*\)", "", name)) != name:
        name = shorter
    keep = re.search(r"operator (new|delete)", name)
    name = keep[0] if keep else re.sub(r"( const| volatile|\s|&)+$", "", name).split(" ")[-1]
    return name.replace("\0", "(anonymous namespace)")
