# Native tests and benchmarks, with EM_TESTS=ON. A test that the processor cannot run exits with 77.
enable_testing()
# The library as a test links it.
add_library(em_linked INTERFACE)
target_link_libraries(em_linked INTERFACE em_flags emergence)

add_executable(benchmark native/dev/benchmark.cpp)
target_link_libraries(benchmark PRIVATE em_linked)

add_executable(smoke tests/native/smoke.cpp tests/native/smoke_operations.cpp)
target_link_libraries(smoke PRIVATE em_linked)
add_executable(table tests/native/table.cpp)
target_link_libraries(table PRIVATE em_linked)
get_directory_property(EM_SETS EM_INSTRUCTION_SETS)
foreach(set ${EM_SETS})
  add_executable(mathematics_${set} tests/native/mathematics.cpp)
  target_link_libraries(mathematics_${set} PRIVATE em_flags)
  target_compile_definitions(mathematics_${set} PRIVATE EM_ISA=${set})
  get_target_property(options em_cpu_${set} COMPILE_OPTIONS)
  target_compile_options(mathematics_${set} PRIVATE ${options})
  add_test(NAME mathematics_${set} COMMAND mathematics_${set})
  add_test(NAME smoke_${set} COMMAND smoke)
  add_test(NAME table_${set} COMMAND table)
  set_tests_properties(mathematics_${set} smoke_${set} table_${set} PROPERTIES SKIP_RETURN_CODE 77)
  set_tests_properties(smoke_${set} table_${set} PROPERTIES ENVIRONMENT "EM_ISA=${set};LD_LIBRARY_PATH=${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
endforeach()

include(tests/native/cuda/cuda_tests.cmake)
include(native/dev/ladder/ladder.cmake)
