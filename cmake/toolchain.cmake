# Compiler settings that every target of the project shares; third-party code is never given them.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# A static library need not wait for those it uses before it compiles.
set(CMAKE_OPTIMIZE_DEPENDENCIES ON)

find_package(Threads REQUIRED)
if(KELVIN_STATIC)
  set(Boost_USE_STATIC_LIBS ON)
endif()
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

add_library(kelvin_options INTERFACE)
target_compile_options(kelvin_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  -Woverloaded-virtual -Wcast-align -Wunused -Wnull-dereference -Wdouble-promotion -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees dangling pointers inside coroutine frames and variants where there are none, and takes a
  # coroutine promise's own operator new and delete for a mismatched pair.
  target_compile_options(kelvin_options INTERFACE -Wno-maybe-uninitialized -Wno-null-dereference
    -Wno-mismatched-new-delete)
endif()
if(KELVIN_WERROR)
  target_compile_options(kelvin_options INTERFACE -Werror)
endif()
target_compile_definitions(kelvin_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_REGEX
  KELVIN_VERSION="${PROJECT_VERSION}")
target_include_directories(kelvin_options INTERFACE ${PROJECT_SOURCE_DIR})
target_link_libraries(kelvin_options INTERFACE Threads::Threads Boost::headers)
if(KELVIN_SANITIZE)
  target_compile_options(kelvin_options INTERFACE -fsanitize=${KELVIN_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(kelvin_options INTERFACE -fsanitize=${KELVIN_SANITIZE})
endif()
if(KELVIN_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang 14's check of function types cannot be compiled into coroutines.
  target_compile_options(kelvin_options INTERFACE -fno-sanitize=function)
endif()
if(KELVIN_STATIC)
  target_compile_options(kelvin_options INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(kelvin_options INTERFACE -static -Wl,--gc-sections)
endif()

find_program(KELVIN_CCACHE ccache)
if(KELVIN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KELVIN_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${KELVIN_CCACHE})
endif()
