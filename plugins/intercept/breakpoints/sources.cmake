# Paths relative to plugins/intercept/.
set(SHADOWCAT_INTERCEPT_BREAKPOINTS_SOURCES
  breakpoints/breakpoint_verbs.cpp
  breakpoints/breakpoints.cpp
  breakpoints/paused_message.cpp
  breakpoints/paused_news.cpp
  breakpoints/paused_table.cpp)
set(SHADOWCAT_INTERCEPT_BREAKPOINTS_TESTS
  breakpoints/breakpoints_test.cpp
  breakpoints/breakpoint_verbs_test.cpp
  breakpoints/paused_news_test.cpp)
