namespace Dayu.Training;

/// <summary>
/// A file of a shard set: <c>train-00000.bin</c> holds token ids and nothing else (little-endian, uint16 or uint32, as nanoGPT writes
/// them), and <c>train-00000.idx</c> 16 bytes for each of its documents: its first token in the file and its number in the corpus, each
/// an int64.
/// </summary>
/// <param name="Part">Whether it is learnt from (<c>train</c>) or held out (<c>held</c>).</param>
/// <param name="Name">The name of the file with the ids.</param>
/// <param name="Tokens">Token ids in it, one at least.</param>
/// <param name="Documents">Documents in it, one at least; none is empty.</param>
/// <param name="Hash">SHA-256 of the ids, in hexadecimal.</param>
/// <param name="IndexHash">SHA-256 of the index, in hexadecimal.</param>
public sealed record ShardFile(string Part, string Name, long Tokens, long Documents, string Hash, string IndexHash)
{
    /// <summary>The two parts of a set.</summary>
    public const string Train = "train", Held = "held";

    /// <summary>Bytes of an entry of the index.</summary>
    internal const int Entry = 2 * sizeof(long);

    /// <summary>Files of a part at most: what five digits can number.</summary>
    internal const int Most = 100_000;

    /// <summary>The name of the index beside it.</summary>
    public string IndexName => IndexOf(Name);

    /// <summary>The name of a part's file of ids by its number.</summary>
    internal static string NameOf(string part, int number) => $"{part}-{number:D5}.bin";

    /// <summary>The name of the index that belongs to a file of ids.</summary>
    internal static string IndexOf(string name) => Path.ChangeExtension(name, ".idx");

    /// <summary>Bytes of an id: two where they are enough for every token of a vocabulary, else four.</summary>
    internal static int BytesOf(int vocabulary) => vocabulary <= 1 << 16 ? sizeof(ushort) : sizeof(uint);

    /// <summary>What ids of so many bytes are called in <c>shards.json</c>.</summary>
    internal static string TypeOf(int bytes) => bytes == sizeof(ushort) ? "uint16" : "uint32";
}
