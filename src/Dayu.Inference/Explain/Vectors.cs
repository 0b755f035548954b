namespace Dayu.Inference;

/// <summary>What is asked of vectors that stand for texts and tokens.</summary>
public static class Vectors
{
    /// <summary>The cosine of the angle between two vectors, −1 to 1; 0 where one of them is 0.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }

    /// <summary>The cosine between every two, [n, n].</summary>
    public static double[,] Cosines(IReadOnlyList<float[]> vectors)
    {
        var all = new double[vectors.Count, vectors.Count];
        for (var i = 0; i < vectors.Count; i++)
            for (var j = 0; j <= i; j++) all[i, j] = all[j, i] = Cosine(vectors[i], vectors[j]);
        return all;
    }
}
