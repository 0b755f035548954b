namespace Dayu.Training;

/// <summary>Chinese characters as the models see them: those of the block U+4E00 … U+9FFF; all others are rare.</summary>
static class ChineseLetters
{
    /// <summary>The block's first character.</summary>
    public const char First = '\u4E00';

    /// <summary>Characters of the block.</summary>
    public const int Count = 0x9FFF - First + 1;

    /// <summary>The number of a run of digits and letters of alphabets, which classical texts do not have.</summary>
    public const int Foreign = Count;

    /// <summary>Buckets of pairs.</summary>
    public const int Pairs = 1 << 16;

    /// <summary>A character's number; at least <see cref="Count"/> for what is none.</summary>
    public static uint Of(char c) => (uint)(c - First);

    /// <summary>The bucket of a pair: a character's number + 1, or 0 where a run of characters begins or ends.</summary>
    public static int Pair(uint a, uint b) => (int)((a * 0x9E3779B1 + b) * 0x85EBCA6B >> 16);
}
