namespace Dayu.Training;

/// <summary>Hashes of words over their symbols: FNV-1a, mixed where a slot is taken of it.</summary>
static class WordHash
{
    /// <summary>Of no symbol.</summary>
    public const uint Start = 0x811C9DC5;

    /// <summary>With one more.</summary>
    public static uint Next(uint hash, int symbol) => (hash ^ (uint)symbol) * 0x01000193;

    /// <summary>Where a word is looked for first.</summary>
    public static int Slot(uint hash) => (int)(Mixed(hash) % EnglishModel.Slots);

    /// <summary>What tells a word from others of its slot; never 0.</summary>
    public static ushort Check(uint hash) => (ushort)(Mixed(hash) >> 16 | 1);

    static uint Mixed(uint hash)
    {
        hash = (hash ^ hash >> 16) * 0x85EBCA6B;
        return (hash ^ hash >> 13) * 0xC2B2AE35;
    }
}
