using System.Runtime.CompilerServices;

namespace Dayu.Tensors;

/// <summary>32 four-bit numbers in 16 bytes as ggml lays them: value i in the low half of byte i, value i + 16 in the high half.</summary>
[InlineArray(16)]
struct Nibbles
{
    byte first;

    public readonly int At(int i) => i < 16 ? this[i] & 15 : this[i - 16] >> 4;

    public void Set(int i, int q)
    {
        if (i < 16) this[i] = (byte)(this[i] & 0xf0 | q);
        else this[i - 16] = (byte)(this[i - 16] & 0x0f | q << 4);
    }
}
