# libemergence_cuda: loaded by libemergence on request, supplies the same table of kernels (common/device.h).
# EM_CUDA: AUTO takes nvcc when there is one, ON insists on it, OFF leaves the library out, EMU puts the kernels compiled for the host
# in its place. Apart from that the kernels are always compiled for the host too, into ${CMAKE_BINARY_DIR}/emu, for the tests.
file(GLOB EM_CUDA_SOURCES CONFIGURE_DEPENDS native/cuda/*.cu)
file(GLOB EM_EMU_SOURCES CONFIGURE_DEPENDS tests/native/emu/*.cpp)
# RELEASE, what users of a bundle get: machine code of its own for the GPUs below, and PTX of the last, from which newer ones make theirs. The
# code of 9.0 is the same as that of 9.0a, whose further instructions no kernel uses.
# TESTS, what ./dev test compiles: PTX of the least, and from it machine code of 9.0. Our products must not spill registers there, nor in
# machine code of 8.0, which is made of them alone. Without line numbers and strong compression, which take a fourth of the time.
# HERE, the default: the GPUs of this machine, which takes a fourth of the time; where there is none, code of the least and its PTX, from
# which the driver of any of them makes its own at the first use. A folder that was built for RELEASE or TESTS keeps theirs.
set(EM_CUDA_RELEASE 80-real 86-real 89-real 90)
set(EM_CUDA_TESTS 80-virtual 90-real)
set(EM_CUDA_SPILL_FREE own_product product_pair gradients)
# Files whose PTX CudaStoresTest and CudaTilesTest read: a build for TESTS leaves it in ${CMAKE_BINARY_DIR}/ptx.
set(EM_CUDA_READ
    attention_backward attention_forward attention_head_backward attention_lists attention_mma_forward attention_mma_joint_gradient
    attention_mma_key_gradient attention_mma_query_gradient attention_single attention_single_backward columns elementwise gradients
    layer_norm layer_norm_backward own_product tokens)
set(EM_CUDA_ARCHITECTURES HERE CACHE STRING "GPUs to compile for: HERE, RELEASE, TESTS, or as CMAKE_CUDA_ARCHITECTURES")
function(em_gpus_here result)
  set(gpus "")
  execute_process(COMMAND nvidia-smi --query-gpu=compute_cap --format=csv,noheader OUTPUT_VARIABLE found ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    string(REGEX MATCHALL "[0-9]+[.][0-9]+" gpus "${found}")
    string(REPLACE "." "" gpus "${gpus}")
    list(REMOVE_DUPLICATES gpus)
    list(FILTER gpus INCLUDE REGEX "^([89]|[0-9][0-9])[0-9]$") # older ones are refused
  endif()
  if(NOT gpus)
    set(gpus 80)
  endif()
  set(${result} "${gpus}" PARENT_SCOPE)
endfunction()
if(NOT EM_CUDA MATCHES "^(AUTO|ON|OFF|EMU)$")
  message(FATAL_ERROR "EM_CUDA must be AUTO, ON, OFF or EMU, got '${EM_CUDA}'")
endif()

# The .cu files as C++, in objects of their own: nvcc compiles the same files. What looks at fibres from outside must not be
# instrumented by ThreadSanitizer, for which every fibre is a thread.
add_library(em_emulated OBJECT)
foreach(source ${EM_CUDA_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/emu/${name}.cpp CONTENT "#include \"${source}\"\n")
  target_sources(em_emulated PRIVATE ${CMAKE_BINARY_DIR}/emu/${name}.cpp)
endforeach()
add_library(em_fibres OBJECT ${EM_EMU_SOURCES})
# nvcc fuses multiplications and additions that follow each other. So should the emulation, where the processor can: a number that must be
# exactly zero then is not, unless its kernel says what may be fused.
include(CheckCXXSourceRuns)
check_cxx_source_runs("int main() { return __builtin_cpu_supports(\"fma\") ? 0 : 1; }" EM_FUSES)
set(EM_EMU_DEFINITIONS EM_EMU)
if(EM_SANITIZE STREQUAL thread)
  list(APPEND EM_EMU_DEFINITIONS EM_EMU_TSAN)
  # As an option of the sources, for those come last: an option of the target would stand before em_flags' -fsanitize.
  set_source_files_properties(${EM_EMU_SOURCES} PROPERTIES COMPILE_OPTIONS -fno-sanitize=thread)
endif()
foreach(part em_emulated em_fibres)
  target_include_directories(${part} BEFORE PRIVATE tests/native/emu)
  target_link_libraries(${part} PRIVATE em_flags)
  target_compile_definitions(${part} PRIVATE ${EM_EMU_DEFINITIONS})
  target_compile_options(${part} PRIVATE -O2 -fvisibility=hidden -Wno-unknown-pragmas)
  if(EM_FUSES)
    target_compile_options(${part} PRIVATE -mfma)
  endif()
endforeach()

function(em_emulation target)
  add_library(${target} SHARED $<TARGET_OBJECTS:em_emulated> $<TARGET_OBJECTS:em_fibres>)
  target_link_libraries(${target} PRIVATE em_flags emergence ${CMAKE_DL_LIBS})
endfunction()
# Its fibres exchange stacks in x86-64 assembly.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  em_emulation(emergence_emulated)
  set_target_properties(emergence_emulated PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/emu)

  # What stands in for NVIDIA's libcublasLt on the emulated GPU: of a CUDA that its driver serves, and of a newer one.
  foreach(major 12 13)
    add_library(standin${major} SHARED tests/native/cuda/standin_cublaslt.cpp)
    target_include_directories(standin${major} BEFORE PRIVATE tests/native/emu)
    target_link_libraries(standin${major} PRIVATE em_flags emergence_emulated)
    target_compile_definitions(standin${major} PRIVATE EM_EMU STANDIN_CUDA=${major}000)
    target_compile_options(standin${major} PRIVATE -O1 -fvisibility=hidden)
    set_target_properties(standin${major} PROPERTIES OUTPUT_NAME cublasLt SUFFIX .so.${major} LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/emu/standin${major})
  endforeach()
else()
  set_target_properties(em_emulated em_fibres PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

# Compiles the files that EM_CUDA_READ and EM_CUDA_SPILL_FREE name so that their PTX stays in a folder, without the other intermediate files.
function(em_keep_ptx target folder)
  file(MAKE_DIRECTORY ${folder})
  set(kept ${EM_CUDA_READ} ${EM_CUDA_SPILL_FREE})
  list(REMOVE_DUPLICATES kept)
  list(TRANSFORM kept REPLACE "(.+)" "native/cuda/\\1.cu" OUTPUT_VARIABLE read)
  set_property(SOURCE ${read} APPEND PROPERTY COMPILE_OPTIONS --keep --keep-dir=${folder})
  add_custom_command(TARGET ${target} POST_BUILD COMMAND find ${folder} -type f ! -name *.ptx -delete VERBATIM)
endfunction()

# Leaves what ptxas says of the kernels of each file, among it what they spill, in a folder: CudaSpillsTest reads it.
function(em_keep_reports target folder)
  file(MAKE_DIRECTORY ${folder})
  file(WRITE ${folder}/toolkit "${CMAKE_CUDA_COMPILER_VERSION}\n")
  set(keep ${CMAKE_SOURCE_DIR}/tests/native/cuda/keep-report.sh ${folder} ${CMAKE_CUDA_COMPILER_LAUNCHER})
  set_target_properties(${target} PROPERTIES CUDA_COMPILER_LAUNCHER "${keep}")
  target_compile_options(${target} PRIVATE -Xptxas=-v)
endfunction()

# An error where kernels that EM_CUDA_SPILL_FREE names spill registers: in the machine code of the target, and in that of 8.0 made of the
# PTX in a folder.
function(em_refuse_spills target folder)
  set(refuse -Xptxas=--warn-on-spills,-Werror)
  list(TRANSFORM EM_CUDA_SPILL_FREE REPLACE "(.+)" "native/cuda/\\1.cu" OUTPUT_VARIABLE sources)
  set_property(SOURCE ${sources} APPEND PROPERTY COMPILE_OPTIONS ${refuse})
  list(TRANSFORM EM_CUDA_SPILL_FREE APPEND .ptx OUTPUT_VARIABLE ptx)
  list(TRANSFORM EM_CUDA_SPILL_FREE APPEND .cubin OUTPUT_VARIABLE made)
  add_custom_command(TARGET ${target} POST_BUILD COMMAND ${CMAKE_CUDA_COMPILER} -arch=sm_80 -cubin ${refuse} ${ptx}
                     COMMAND ${CMAKE_COMMAND} -E rm ${made} WORKING_DIRECTORY ${folder} VERBATIM)
endfunction()

if(EM_CUDA MATCHES "AUTO|ON")
  include(CheckLanguage)
  check_language(CUDA)
endif()
if(EM_CUDA STREQUAL OFF OR (EM_CUDA STREQUAL AUTO AND NOT CMAKE_CUDA_COMPILER))
  # Else the jar would keep that of an earlier build.
  file(REMOVE ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/libemergence_cuda.so)
endif()
if(EM_CUDA STREQUAL ON AND NOT CMAKE_CUDA_COMPILER)
  message(FATAL_ERROR "EM_CUDA=ON, but there is no nvcc on the path")
elseif(EM_CUDA STREQUAL OFF)
  message(STATUS "CUDA: off; the jar has the cpu backend only")
elseif(EM_CUDA STREQUAL EMU)
  em_emulation(emergence_cuda)
elseif(CMAKE_CUDA_COMPILER)
  set(CMAKE_CUDA_ARCHITECTURES ${EM_CUDA_ARCHITECTURES})
  if(EM_CUDA_ARCHITECTURES MATCHES "^(RELEASE|TESTS)$")
    set(CMAKE_CUDA_ARCHITECTURES ${EM_CUDA_${EM_CUDA_ARCHITECTURES}})
  elseif(EM_CUDA_ARCHITECTURES STREQUAL HERE)
    if("${EM_CUDA_GPUS}" STREQUAL "${EM_CUDA_RELEASE}" OR "${EM_CUDA_GPUS}" STREQUAL "${EM_CUDA_TESTS}")
      set(CMAKE_CUDA_ARCHITECTURES ${EM_CUDA_GPUS})
    else()
      em_gpus_here(CMAKE_CUDA_ARCHITECTURES)
    endif()
  endif()
  set(EM_CUDA_GPUS "${CMAKE_CUDA_ARCHITECTURES}" CACHE INTERNAL "GPUs that kernels are compiled for")
  message(STATUS "CUDA: kernels for compute capabilities ${EM_CUDA_GPUS}")
  set(CMAKE_CUDA_RUNTIME_LIBRARY Static)
  set(CMAKE_CUDA_STANDARD 17)
  enable_language(CUDA)
  add_library(emergence_cuda SHARED ${EM_CUDA_SOURCES})
  target_include_directories(emergence_cuda PRIVATE native native/include)
  string(REPLACE ";" "," gpus "${EM_CUDA_GPUS}")
  set_source_files_properties(native/cuda/gpus.cu PROPERTIES COMPILE_DEFINITIONS "EM_CUDA_GPUS=\"${gpus}\"")
  if("${EM_CUDA_GPUS}" STREQUAL "${EM_CUDA_TESTS}")
    set_target_properties(emergence_cuda PROPERTIES CUDA_ARCHITECTURES OFF)
    target_compile_options(emergence_cuda PRIVATE "-gencode=arch=compute_80,code=[compute_80,sm_90]")
    em_keep_ptx(emergence_cuda ${CMAKE_BINARY_DIR}/ptx)
    em_refuse_spills(emergence_cuda ${CMAKE_BINARY_DIR}/ptx)
    em_keep_reports(emergence_cuda ${CMAKE_BINARY_DIR}/reports)
  else()
    target_compile_options(emergence_cuda PRIVATE -lineinfo)
    # Since 12.8; older toolkits compress less.
    if(CMAKE_CUDA_COMPILER_VERSION VERSION_GREATER_EQUAL 12.8)
      target_compile_options(emergence_cuda PRIVATE --compress-mode=size)
    endif()
  endif()
  target_compile_options(emergence_cuda PRIVATE
    "-Xcompiler=-Wall,-Wextra,-fvisibility=hidden,-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=")
  target_link_libraries(emergence_cuda PRIVATE emergence ${CMAKE_DL_LIBS})
else()
  message(STATUS "CUDA: no nvcc; the jar has the cpu backend only")
endif()
