package dev.emergence.backend;

import dev.emergence.backend.Em.em_multiply;
import dev.emergence.backend.Em.em_product;
import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * The matrix products of one GPU context, by cuBLAS on the context's own stream: strided-batched
 * over replicas, so that a captured program holds them like our own kernels. Tensor cores only when
 * the arithmetic says so.
 *
 * <p>The only class that calls NVIDIA's libraries through bytedeco's preset, which knows functions
 * that CUDA 13.0 lacks; calling one of those would end the process. A test holds the names used
 * here to those that CUDA 13.0 has.
 */
final class Cublas extends em_multiply {
  /** What NVIDIA recommends for Hopper; smaller GPUs need less. */
  private static final long WORKSPACE_BYTES = 32L << 20;

  private static Optional<String> failure = Optional.empty();
  private static boolean tried;

  private final cublasContext handle = new cublasContext();
  private final Pointer workspace = new Pointer();
  private final FloatPointer one = new FloatPointer(1).put(1);
  private final FloatPointer beta = new FloatPointer(1);

  /**
   * A handle for a stream.
   *
   * @param device number of the GPU that the stream belongs to
   * @throws DeviceException UNAVAILABLE when cuBLAS cannot be loaded, FAILED or OUT_OF_MEMORY when
   *     it cannot be used
   */
  Cublas(int device, Pointer stream) {
    load();
    requireRuntime("cudaSetDevice", cudart.cudaSetDevice(device));
    require("cublasCreate", cublas.cublasCreate_v2(handle));
    try {
      int status = cudart.cudaMalloc(workspace, WORKSPACE_BYTES);
      if (status != cudart.cudaSuccess) {
        throw new DeviceException(
            Reason.OUT_OF_MEMORY,
            "no memory for the workspace of cuBLAS (CUDA error " + status + ")");
      }
      require("cublasSetStream", cublas.cublasSetStream_v2(handle, new CUstream_st(stream)));
      require(
          "cublasSetWorkspace", cublas.cublasSetWorkspace_v2(handle, workspace, WORKSPACE_BYTES));
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  /**
   * Called by the native library for each product. Row-major C is column-major Cᵀ = op(B)ᵀ op(A)ᵀ.
   */
  @Override
  public int call(em_product p) {
    int m = Math.toIntExact(p.m());
    int n = Math.toIntExact(p.n());
    int k = Math.toIntExact(p.k());
    boolean transA = p.trans_a() != 0;
    boolean transB = p.trans_b() != 0;
    beta.put(p.beta());
    return cublas.cublasGemmStridedBatchedEx(
        handle,
        transB ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N,
        transA ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N,
        n,
        m,
        k,
        one,
        p.b(),
        cudart.CUDA_R_32F,
        transB ? k : n,
        p.b_stride(),
        p.a(),
        cudart.CUDA_R_32F,
        transA ? m : k,
        p.a_stride(),
        beta,
        p.c(),
        cudart.CUDA_R_32F,
        n,
        p.c_stride(),
        Math.toIntExact(p.replicas()),
        compute(p.arithmetic()),
        cublas.CUBLAS_GEMM_DEFAULT);
  }

  private static int compute(int arithmetic) {
    return switch (arithmetic) {
      case Em.EM_FLOAT32 -> cublas.CUBLAS_COMPUTE_32F;
      case Em.EM_TF32 -> cublas.CUBLAS_COMPUTE_32F_FAST_TF32;
      case Em.EM_BF16 -> cublas.CUBLAS_COMPUTE_32F_FAST_16BF;
      default -> throw new IllegalArgumentException("arithmetic " + arithmetic);
    };
  }

  /** Gives handle and workspace back; the context must not multiply any more. */
  void release() {
    cublas.cublasDestroy_v2(handle);
    cudart.cudaFree(workspace);
    one.close();
    beta.close();
    close();
  }

  private static void require(String function, int status) {
    if (status != cublas.CUBLAS_STATUS_SUCCESS) {
      throw new DeviceException(Reason.FAILED, function + ": cuBLAS status " + status);
    }
  }

  private static void requireRuntime(String function, int error) {
    if (error != cudart.cudaSuccess) {
      throw new DeviceException(Reason.FAILED, function + ": CUDA error " + error);
    }
  }

  /** Loads the libraries once; a failure is remembered as a sentence. */
  private static synchronized void load() {
    if (!tried) {
      tried = true;
      failure = attempt(CudaLibraries.ofThisMachine());
    }
    if (failure.isPresent()) {
      throw new DeviceException(Reason.UNAVAILABLE, failure.get());
    }
  }

  private static Optional<String> attempt(CudaLibraries libraries) {
    try {
      for (String name : CudaLibraries.NAMES) {
        libraries.find(name).map(Path::toString).ifPresent(Loader::loadGlobal);
      }
      Loader.load(cublas.class);
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of(
          "cuBLAS of CUDA 13 cannot be loaded ("
              + String.join(", ", libraries.report())
              + "); install the CUDA 13 toolkit or Python's nvidia-cublas, name its folder in "
              + CudaLibraries.VARIABLE
              + ", or add bytedeco's cuda-redist-cublas to the class path: "
              + NativeLibrary.cause(e));
    }
  }
}
