cmake_minimum_required(VERSION 3.20)
project(Shop)

set(LIMIT 3)
option(WITH_TESTS "Tests" ON)

# Adds a book.
function(add_book name)
  message(${name})
endfunction()

macro(twice x)
  message(${x})
endmacro()

add_library(shop STATIC shop.c)
add_executable(till till.c)
if(WITH_TESTS)
  add_test(NAME all COMMAND till)
endif()
