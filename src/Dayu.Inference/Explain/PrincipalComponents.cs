namespace Dayu.Inference;

/// <summary>
/// The plane in which points lie most spread out: principal component analysis (Pearson 1901; Hotelling 1933). Of few
/// points in many dimensions, it takes the eigenvectors of their inner products, n × n, by Jacobi's rotations (1846),
/// instead of those of the covariances.
/// </summary>
internal sealed class PrincipalComponents
{
    const int Sweeps = 60;
    const double Negligible = 1e-12;

    /// <summary>Of these points.</summary>
    /// <param name="vectors">At least one, all of one width.</param>
    public PrincipalComponents(IReadOnlyList<float[]> vectors)
    {
        var n = vectors.Count;
        var (values, axes) = Eigen(Gram(vectors));
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => values[i])];
        var total = values.Sum(v => Math.Max(0, v));
        var shares = order.Take(2).Select(i => total > 0 ? Math.Max(0, values[i]) / total : 0);
        Explained = [.. shares, .. Enumerable.Repeat(0.0, Math.Max(0, 2 - n))];
        Points = [.. Enumerable.Range(0, n).Select(p => (Place(p, 0), Place(p, 1)))];

        double Place(int p, int axis)
        {
            if (axis >= n || values[order[axis]] <= Negligible * total) return 0;
            var column = order[axis];
            return axes[p, column] * Math.Sqrt(values[column]) * Sign(axes, column);
        }
    }

    /// <summary>Where each point lies in the plane, its middle the middle of all.</summary>
    public IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>How much of the whole spread (the variance) each of the two directions has, 0 to 1.</summary>
    public IReadOnlyList<double> Explained { get; }

    /// <summary>An axis may point either way: the way is taken in which the point farthest out has a positive place.</summary>
    static int Sign(double[,] axes, int column)
    {
        var farthest = 0;
        for (var i = 1; i < axes.GetLength(0); i++)
            if (Math.Abs(axes[i, column]) > Math.Abs(axes[farthest, column]) + Negligible) farthest = i;
        return axes[farthest, column] < 0 ? -1 : 1;
    }

    /// <summary>Inner products of the points, their middle taken off.</summary>
    static double[,] Gram(IReadOnlyList<float[]> vectors)
    {
        var (n, width) = (vectors.Count, vectors[0].Length);
        var mean = new double[width];
        foreach (var v in vectors)
            for (var i = 0; i < width; i++) mean[i] += (double)v[i] / n;
        var gram = new double[n, n];
        for (var a = 0; a < n; a++)
            for (var b = 0; b <= a; b++)
            {
                var sum = 0.0;
                for (var i = 0; i < width; i++) sum += (vectors[a][i] - mean[i]) * (vectors[b][i] - mean[i]);
                gram[a, b] = gram[b, a] = sum;
            }
        return gram;
    }

    /// <summary>Eigenvalues, and eigenvectors as columns, of a symmetric matrix, which is used up.</summary>
    static (double[] Values, double[,] Vectors) Eigen(double[,] m)
    {
        var n = m.GetLength(0);
        var v = new double[n, n];
        for (var i = 0; i < n; i++) v[i, i] = 1;
        var scale = Enumerable.Range(0, n).Sum(i => Math.Abs(m[i, i]));
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var turned = false;
            for (var p = 0; p < n; p++)
                for (var q = p + 1; q < n; q++)
                {
                    if (Math.Abs(m[p, q]) <= Negligible * scale) continue;
                    Turn(m, v, p, q);
                    turned = true;
                }
            if (!turned) break;
        }
        return ([.. Enumerable.Range(0, n).Select(i => m[i, i])], v);
    }

    /// <summary>Turns the plane of two axes so that their product becomes 0.</summary>
    static void Turn(double[,] m, double[,] v, int p, int q)
    {
        var theta = (m[q, q] - m[p, p]) / (2 * m[p, q]);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var c = 1 / Math.Sqrt(t * t + 1);
        var s = t * c;
        for (var i = 0; i < m.GetLength(0); i++) (m[i, p], m[i, q]) = (c * m[i, p] - s * m[i, q], s * m[i, p] + c * m[i, q]);
        for (var i = 0; i < m.GetLength(0); i++) (m[p, i], m[q, i]) = (c * m[p, i] - s * m[q, i], s * m[p, i] + c * m[q, i]);
        for (var i = 0; i < m.GetLength(0); i++) (v[i, p], v[i, q]) = (c * v[i, p] - s * v[i, q], s * v[i, p] + c * v[i, q]);
    }
}
