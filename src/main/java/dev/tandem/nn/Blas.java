package dev.tandem.nn;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sdot;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

/** The three matrix products of a dense layer, row-major, by OpenBLAS; and a vector's norm. */
final class Blas {
  private Blas() {}

  /** The Euclidean norm; by a dot product, which is many times as fast as BLAS's own norm. */
  static double norm(Native x, int length) {
    return Math.sqrt(cblas_sdot(length, x.pointer(), 1, x.pointer(), 1));
  }

  /** z = x·w; x is rows × in, w is in × out, z is rows × out. */
  static void forward(Native x, Native w, Native z, int rows, int in, int out) {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        rows,
        out,
        in,
        1f,
        x.pointer(),
        in,
        w.pointer(),
        out,
        0f,
        z.pointer(),
        out);
  }

  /** dw = xᵀ·dz. */
  static void weightGradient(Native x, Native dz, Native dw, int rows, int in, int out) {
    cblas_sgemm(
        CblasRowMajor,
        CblasTrans,
        CblasNoTrans,
        in,
        out,
        rows,
        1f,
        x.pointer(),
        in,
        dz.pointer(),
        out,
        0f,
        dw.pointer(),
        out);
  }

  /** dx = dz·wᵀ. */
  static void inputGradient(Native dz, Native w, Native dx, int rows, int in, int out) {
    cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasTrans,
        rows,
        in,
        out,
        1f,
        dz.pointer(),
        out,
        w.pointer(),
        out,
        0f,
        dx.pointer(),
        in);
  }
}
