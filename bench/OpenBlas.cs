using System.Runtime.InteropServices;

namespace Dayu.Bench;

/// <summary>
/// The matrix product of OpenBLAS (BLAS Technical Forum standard, C interface), where the system has it: Debian's
/// libopenblas0-pthread, or what DAYU_OPENBLAS names. Only to be compared with; nothing else uses it.
/// </summary>
internal sealed unsafe class OpenBlas : IDisposable
{
    const int RowMajor = 101, Plain = 111, Transposed = 112;

    readonly nint library;
    readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> sgemm;

    OpenBlas(nint library, int threads)
    {
        this.library = library;
        var export = NativeLibrary.GetExport(library, "cblas_sgemm");
        sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)export;
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(threads);
    }

    /// <summary>The library with so many threads; null where there is none.</summary>
    public static OpenBlas? Find(int threads)
    {
        string?[] names = [Environment.GetEnvironmentVariable("DAYU_OPENBLAS"), "libopenblas.so.0", "libopenblas.dylib", "libopenblas.dll"];
        foreach (var name in names)
            if (name is { Length: > 0 } && NativeLibrary.TryLoad(name, out var library)) return new(library, threads);
        return null;
    }

    /// <summary>C[M, N] = A[M, K] · B[K, N]; A or B may be given transposed. Beta 1 adds to C.</summary>
    public void Multiply(int m, int n, int k, float* a, bool aTransposed, float* b, bool bTransposed, float* c, float beta) =>
        sgemm(RowMajor, aTransposed ? Transposed : Plain, bTransposed ? Transposed : Plain, m, n, k, 1, a,
            aTransposed ? m : k, b, bTransposed ? k : n, beta, c, n);

    public void Dispose() => NativeLibrary.Free(library);
}
