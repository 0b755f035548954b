namespace Dayu.Tests;

/// <summary>Bytes that are no model, always the same.</summary>
static class Noise
{
    public static byte[] Of(int bytes, int seed = 1)
    {
        var noise = new byte[bytes];
        new Random(seed).NextBytes(noise);
        return noise;
    }
}
